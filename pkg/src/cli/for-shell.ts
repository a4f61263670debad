/** Writes messages of the package for a shell: with the options of a command, and with whole commands of other programs. */

import { COMMANDS, type Command } from "./table.js";

/** The commands that `doctor` and `inspect` advise on. They judge what those two only look at. */
const JUDGES: readonly string[] = ["verify", "check"];

/** The advice for options that no command has. */
const INSTEAD: Record<string, string> = {
  allowPadding: 'remove the "=" at the end',
  enc: 'write the content encryption as "alg" into the JWK, such as A256GCM',
};

/** An option as messages of the package name it. */
const NAMED = /(?:\b(?:the )?option |(?<=\bnot in (?="accept")))"((?:params\.)?[A-Za-z]+)"/gi;

/** Commands of other programs that a shell can run as they are, in place of those that messages of the package begin. */
const WHOLE = [
  [
    /"(openssl pkcs12) (-nocerts -nodes -in OLD -out NEW)"$/,
    '"$1 $2". If OpenSSL 3 then names RC2-40-CBC, the file is old: run "$1 -legacy $2"',
  ],
  [
    /"(keytool -importkeystore -deststoretype pkcs12)", then extract the key$/,
    '"$1 -srckeystore OLD -destkeystore NEW", then extract the key with "openssl pkcs12 -nocerts -nodes -in NEW -out KEY"',
  ],
  [/"(openssl req -pubkey -noout)"$/, '"$1 -in OLD -out NEW"'],
] as const;

/** The advice for a short secret, which some commands cannot follow. */
const OR_ALLOW_SHORT = /: option "allowShort" accepts it during a migration$/;

/** A message for a person who has called this command at a shell. */
export function forShell(message: string, command: Command | undefined): string {
  const whole = WHOLE.reduce((text, [form, instead]) => text.replace(form, instead), message);
  const acceptsShort = command !== undefined && optionFor("allowShort", command) !== undefined;
  return withOptions(acceptsShort ? whole : whole.replace(OR_ALLOW_SHORT, ""), command);
}

/** A message with the options of this command. An option that no command has keeps its name, and the message says what to do. */
function withOptions(message: string, command: Command | undefined): string {
  let missing: string | undefined;
  const written = message.replace(NAMED, (found, name: string) => {
    const option = command === undefined ? undefined : optionFor(name.replace(/^params\./, ""), command);
    if (option === undefined) missing = name;
    return option ?? found;
  });
  if (missing === undefined)
    return written
      .replace(/ is more than "limits\.\w+"/, " is more than the package allows")
      .replace(
        / is not an array of known schemes$/,
        " is not a known scheme: countersign doctor names that of a stored hash",
      );
  return `${written}; no command has this option: ${INSTEAD[missing] ?? "use the package in a program"}`;
}

/** The option of the command, or of another one that judges what this one only looks at. */
function optionFor(name: string, command: Command): string | undefined {
  const own = nameIn(command, name);
  if (own !== undefined) return `--${own}`;
  const judges = command.name === "doctor" || command.name === "inspect" ? JUDGES : [];
  for (const judge of COMMANDS.filter((each) => judges.includes(each.name))) {
    const other = nameIn(judge, name);
    if (other !== undefined) return `--${other} of ${judge.name}`;
  }
  return undefined;
}

/** What a command calls an option of the package: `max-token-length` for `maxTokenLength`. */
function nameIn({ options }: Command, name: string): string | undefined {
  const written = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return options.find((option) => (option.inPackage ?? option.name) === (option.inPackage ? name : written))?.name;
}
