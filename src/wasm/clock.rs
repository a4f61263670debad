//! Reads the clock for the core, which takes the time as an argument.

/// Seconds since the Unix epoch.
pub(super) fn now() -> f64 {
    js_sys::Date::now() / 1000.0
}
