//! `bindgen <module.wasm> <name> <folder>`: writes `<name>.js`, `<name>.d.ts` and `<name>_bg.wasm` into the folder.
//!
//! It is the `wasm-bindgen` command with this project's choices made, as a member of the workspace: Cargo.lock pins it,
//! and nobody installs a tool of the right version by hand.

use std::env;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut arguments = env::args_os().skip(1);
    let mut next = || arguments.next().context("usage: bindgen <module.wasm> <name> <folder>");
    let (module, name, folder) = (next()?, next()?, next()?);

    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(name.to_str().context("the name is not UTF-8")?);
    // The one glue that every runtime can load: the importing code gives it the module…
    bindgen.web(true)?.omit_default_module_path(true);
    // …and can start over with a fresh instance, which gives the memory of a large hash back.
    bindgen.reset_state_function(true);
    bindgen.typescript(true).remove_name_section(true).remove_producers_section(true);
    bindgen.generate(folder)
}
