//! Figures of the Python prototypes beside ours, in their world (`evaluate --scenarios --prototypes`).
//!
//! Theirs are simulated as well: `detection.md` 1.4 (a lasting key), section 3 (keys that change) and section 4 (which
//! vehicle). The differences are explained in `docs/methods.md`.

use super::scenario_table::{seconds, share};
use super::scenarios::Document;

/// Identifiers an hour in `detection.md` 1.4, by environment.
const IDENTIFIERS_PER_HOUR: [(&str, f64); 4] = [
    ("rural", 30.0),
    ("motorway", 17.0),
    ("city", 341.0),
    ("crowd", 1550.0),
];

/// Case, environment, and time to alert (median/90 %) or share of right vehicles, as they are printed there.
const FIGURES: &[(&str, &str, &str)] = &[
    ("levels/-62", "rural", "30/40"),
    ("levels/-62", "motorway", "40/46"),
    ("levels/-62", "city", "70/114"),
    ("levels/-62", "crowd", "150/242"),
    ("levels/-75", "rural", "30/40"),
    ("levels/-75", "motorway", "40/46"),
    ("levels/-75", "city", "70/114"),
    ("levels/-75", "crowd", "150/242"),
    ("levels/-86", "rural", "40/50"),
    ("levels/-86", "motorway", "480/550"),
    ("levels/-86", "city", "180/248"),
    ("levels/-86", "crowd", "450/674"),
    ("h/frame-62", "rural", "10-20"),
    ("h/frame-62", "motorway", "10-20"),
    ("h/frame-62", "city", "10-20"),
    ("h/frame-62", "crowd", "10-20"),
    ("h/frame-86", "rural", "10-30"),
    ("h/frame-86", "motorway", "10-30"),
    ("h/frame-86", "city", "10-30"),
    ("h/frame-86", "crowd", "10-30"),
    ("h/30s-62", "rural", "90"),
    ("h/30s-62", "motorway", "90"),
    ("h/30s-62", "city", "180/270"),
    ("h/30s-62", "crowd", "210/297"),
    ("h/30s-75", "rural", "90"),
    ("h/30s-75", "motorway", "90"),
    ("h/30s-75", "city", "150/210"),
    ("h/30s-75", "crowd", "150"),
    ("h/30s-86", "rural", "150-165/303"),
    ("h/30s-86", "motorway", "150-165/303"),
    ("h/30s-86", "city", "450/543"),
    ("h/30s-86", "crowd", "330/591"),
    ("places/cabin-parked", "city", "1.00 (60 s)"),
    ("places/boot-parked", "city", ".98 (60 s)"),
    ("places/cavity-parked", "city", "1.00 (60 s)"),
    ("places/underbody-parked", "city", ".45, +-1 .96 (60 s)"),
    ("places/cabin", "city", "1.00 (60 s)"),
    ("places/boot", "city", "1.00 (60 s)"),
    ("places/cavity", "city", "1.00 (60 s)"),
    ("places/underbody", "city", "1.00 (60 s)"),
];

/// Case, environment, theirs, ours; headings first.
pub fn rows(document: &Document, heads: [String; 4]) -> Vec<Vec<String>> {
    let mut rows = vec![heads.to_vec()];
    for clean in document.clean.iter().filter(|c| !c.all_classes) {
        let theirs = IDENTIFIERS_PER_HOUR
            .iter()
            .find(|(e, _)| *e == clean.environment);
        let hours = clean.figures.vehicle_hours / f64::from(document.vehicles.max(1));
        if let Some((_, theirs)) = theirs.filter(|_| hours > 0.0) {
            rows.push(vec![
                "identifiers/h".to_owned(),
                clean.environment.to_owned(),
                format!("{theirs:.0}"),
                format!("{:.0}", clean.figures.emitters as f64 / hours),
            ]);
        }
    }
    for (case, environment, theirs) in FIGURES {
        let ours = document.rows.iter().find(|r| {
            r.environment == *environment && format!("{}/{}", r.family, r.variant) == *case
        });
        let Some(ours) = ours else { continue };
        let f = &ours.figures;
        let ours = if ours.family == "places" {
            format!(
                "{}, pair {}",
                share(f.vehicle_right, 2),
                share(f.pair_right, 2)
            )
        } else {
            format!("{}/{}", seconds(f.time_median_s), seconds(f.time_90_s))
        };
        rows.push(vec![
            (*case).to_owned(),
            (*environment).to_owned(),
            (*theirs).to_owned(),
            ours,
        ]);
    }
    rows
}
