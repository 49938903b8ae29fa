//! Where a window stands on the screens.

use anjuan_archive::Geometry;
use tauri::WebviewWindow;

/// The smallest window, in logical pixels: two of them fit beside each other on a common screen.
pub(crate) const LEAST: (f64, f64) = (640.0, 480.0);

/// How much of a window's upper edge has to be in sight, so that it can be taken hold of.
const HOLD: f64 = 120.0;

/// A screen, in logical pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// Whether windows have positions: under Wayland they are the compositor's alone.
fn has_positions() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let x11 = std::env::var("GDK_BACKEND").is_ok_and(|backend| backend == "x11");
    !cfg!(target_os = "linux") || x11 || !set("WAYLAND_DISPLAY")
}

/// A geometry that can be seen on the screens there are now: no larger than the largest of them,
/// and with its upper edge on one of them.
pub(crate) fn within(kept: Geometry, screens: &[Screen]) -> Geometry {
    let most = |of: fn(&Screen) -> f64| screens.iter().map(of).fold(f64::NAN, f64::max);
    let fit = |length: f64, least: f64, most: f64| {
        let length = if length.is_finite() { length } else { least };
        // A screen smaller than the smallest window does not make it smaller still.
        if most.is_nan() { length.max(least) } else { length.min(most).max(least) }
    };
    let width = fit(kept.width, LEAST.0, most(|s| s.width));
    let height = fit(kept.height, LEAST.1, most(|s| s.height));
    let in_sight = |&(x, y): &(f64, f64)| {
        x.is_finite()
            && screens.iter().any(|s| {
                let across = (x + width).min(s.x + s.width) - x.max(s.x);
                across >= HOLD && y >= s.y && y + HOLD <= s.y + s.height
            })
    };
    let position = kept.position.filter(|_| has_positions()).filter(in_sight);
    Geometry { width, height, position, maximised: kept.maximised }
}

/// Where a window stands. Of one that fills the screen, the rest is as before; one that is put
/// away has no place.
pub(crate) fn of(window: &WebviewWindow, before: Geometry) -> Option<Geometry> {
    if window.is_minimized().ok()? || window.is_fullscreen().ok()? || !window.is_visible().ok()? {
        return None;
    }
    if window.is_maximized().ok()? {
        return Some(Geometry { maximised: true, ..before });
    }
    let scale = window.scale_factor().ok()?;
    let size = window.inner_size().ok()?.to_logical::<f64>(scale);
    let at = window.outer_position().ok().map(|p| p.to_logical::<f64>(scale));
    Some(Geometry {
        width: size.width,
        height: size.height,
        position: at.filter(|_| has_positions()).map(|p| (p.x, p.y)),
        maximised: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAPTOP: Screen = Screen { x: 0.0, y: 0.0, width: 1366.0, height: 728.0 };
    const BESIDE: Screen = Screen { x: 1366.0, y: -100.0, width: 2560.0, height: 1400.0 };

    fn kept(width: f64, height: f64, position: (f64, f64)) -> Geometry {
        Geometry { width, height, position: Some(position), maximised: false }
    }

    #[test]
    fn a_window_stays_where_it_can_be_seen() {
        let both = [LAPTOP, BESIDE];
        let there = kept(1800.0, 1200.0, (1500.0, 0.0));
        let placed = within(there, &both);
        assert_eq!((placed.width, placed.height), (1800.0, 1200.0));
        if has_positions() {
            assert_eq!(placed.position, Some((1500.0, 0.0)));
        }
        // The second screen was taken away.
        let placed = within(there, &[LAPTOP]);
        assert_eq!((placed.width, placed.height), (1366.0, 728.0));
        assert_eq!(placed.position, None);
        // Its title bar is above the screen, or only a sliver is left.
        assert_eq!(within(kept(800.0, 600.0, (10.0, -40.0)), &[LAPTOP]).position, None);
        assert_eq!(within(kept(800.0, 600.0, (1300.0, 10.0)), &[LAPTOP]).position, None);
        assert_eq!(within(kept(800.0, 600.0, (-700.0, 10.0)), &[LAPTOP]).position, None);
    }

    #[test]
    fn nonsense_becomes_a_window_all_the_same() {
        for (width, height) in [(0.0, 0.0), (f64::NAN, f64::INFINITY), (-5.0, 1e12)] {
            for screens in [&[LAPTOP][..], &[]] {
                let placed = within(kept(width, height, (f64::NAN, 0.0)), screens);
                assert!(placed.width >= LEAST.0 && placed.width.is_finite());
                assert!(placed.height >= LEAST.1 && placed.height.is_finite());
                assert_eq!(placed.position, None);
            }
        }
    }
}
