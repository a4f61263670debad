//! `rustc-with <rustc> <arguments>`: rustc as Cargo starts it (`RUSTC_WRAPPER`), with flags of its own for one crate, which
//! Cargo has only for all of them. `CRATE_FLAGS` is the name of the crate and the flags, separated by U+001F.

use std::env;
use std::process::{Command, exit};

use anyhow::{Context, Result};

fn main() -> Result<()> {
    let mut arguments = env::args_os().skip(1);
    let rustc = arguments.next().context("usage: rustc-with <rustc> <arguments>")?;
    let arguments: Vec<_> = arguments.collect();
    let settings = env::var("CRATE_FLAGS").context("CRATE_FLAGS is not set")?;
    let (name, flags) = settings.split_once('\u{1f}').context("CRATE_FLAGS has no flags")?;
    let is_it = arguments.windows(2).any(|pair| pair == ["--crate-name", name]);

    let mut command = Command::new(rustc);
    command.args(arguments);
    if is_it {
        command.args(flags.split('\u{1f}'));
    }
    exit(command.status()?.code().unwrap_or(1))
}
