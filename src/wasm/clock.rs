//! The time. The core reads no clock.

/// Seconds since the Unix epoch.
pub(super) fn now() -> f64 {
    js_sys::Date::now() / 1000.0
}
