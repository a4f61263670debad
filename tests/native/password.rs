//! Runs the password cases of `tests/vectors` on the native build.
