"""Runs a program in a terminal of its own, types an answer after each prompt, and prints the screen.

The variable TERMINAL_COLUMNS sets the width of the terminal.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios

answers = json.loads(sys.argv[1])
child, terminal = pty.fork()
if child == 0:
    if columns := int(os.environ.get("TERMINAL_COLUMNS", "0")):
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
screen = b""
seen = 0
while True:
    ready, _, _ = select.select([terminal], [], [], 20)
    if not ready:
        os.kill(child, 9)
        break
    try:
        data = os.read(terminal, 4096)
    except OSError:
        break
    if not data:
        break
    screen += data
    # A prompt ends with a colon and a space; the program reads once it has said so.
    if answers and screen[seen:].endswith(b": "):
        seen = len(screen)
        os.write(terminal, (answers.pop(0) + "\r").encode())
_, status = os.waitpid(child, 0)
sys.stdout.write(screen.decode())
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
