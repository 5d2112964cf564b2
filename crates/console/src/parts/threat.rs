//! The threat level, and what each level would make of the same evidence.

use serde_json::{Value, json};
use vigie_detect::config::{logistic, logit};
use vigie_detect::{Profile, Threat};
use vigie_keep::{Milli, Significant};
use vigie_show::Texts;

use crate::picture::Picture;

/// All levels. The evidence is the same at each; only the prior moves.
pub fn threat(picture: &Picture, texts: &Texts) -> Value {
    let config = &picture.run.config;
    let strongest = strongest(picture);
    let levels = [Threat::Low, Threat::Normal, Threat::High, Threat::Critical];
    let levels = levels.map(|level| {
        let moved = (config.factor_at(level) / config.threat_factor()).ln();
        let at = |prior: f64| logistic(logit(prior) + moved);
        let probability = strongest.map(|(llr, prior)| {
            let probability = logistic(logit(at(prior)) + llr);
            match config.profile {
                Profile::OnPerson => probability.min(config.turnover.display_cap),
                Profile::Vehicle => probability,
            }
        });
        let factor = config.factor_at(level);
        json!({
            "code": level.as_str(),
            "text": texts.code("threat", level.as_str(), &[]),
            "factor": factor,
            "prior": strongest.map(|(_, prior)| Significant(at(prior))),
            "probability_of_strongest": probability.map(Significant),
            // Measured at the everyday level only.
            "expected_false_alarms_day": null,
        })
    });
    json!({
        "threat": config.threat.as_str(),
        "llr_of_strongest": strongest.map(|(llr, _)| Milli(llr)),
        "levels": levels,
    })
}

/// Ratio and prior of the strongest alert.
fn strongest(picture: &Picture) -> Option<(f64, f64)> {
    let story = &picture.story;
    let emitters = [false, true].into_iter().flat_map(|o| story.alerts(o));
    let emitters = emitters.map(|a| (a.probability(), a.llr(), a.alert.prior));
    let clones = story.clones().iter();
    let clones = clones.map(|c| (c.probability, c.llr, c.prior));
    let strongest = emitters.chain(clones).max_by(|a, b| a.0.total_cmp(&b.0));
    strongest.map(|(_, llr, prior)| (llr, prior))
}
