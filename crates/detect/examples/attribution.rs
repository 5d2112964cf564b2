//! Prints how often the attribution names the right vehicle on cases made by `golden/make_attribution.py`, and
//! whether its probabilities hold.
//!
//! ```text
//! cargo run --release -p vigie-detect --example attribution -- crates/detect/golden/attribution.tsv
//! ```

use std::collections::BTreeMap;

use vigie_detect::attribution::{
    Attribution, AttributionConstants, Look, Named, Posterior, Regime, Tally,
};

#[derive(Default)]
struct Row {
    cases: u32,
    prototype: u32,
    first: u32,
    two: u32,
    named: u32,
    named_right: u32,
    stated: f64,
    pairs: u32,
    pairs_right: u32,
    aboard: u32,
}

fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let attribution = Attribution::new(AttributionConstants::default());
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut bins = [(0_u32, 0_u32, 0.0); 12];
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, vehicle, prototype, posterior)) = case(&attribution, line) else {
            continue;
        };
        let c = attribution.constants();
        let mut order: Vec<(usize, f64)> = posterior.vehicles.iter().copied().enumerate().collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1));
        for (name, row) in [(&name, true), (&"all".to_owned(), false)] {
            let r = rows.entry(name.clone()).or_default();
            r.cases += 1;
            r.prototype += u32::from(prototype == vehicle);
            r.first += u32::from(order.first().is_some_and(|o| o.0 == vehicle));
            r.two += u32::from(order.iter().take(2).any(|o| o.0 == vehicle));
            r.aboard += u32::from(posterior.outside < c.aboard_outside);
            match posterior.named(c) {
                Named::One(at, p) => {
                    r.named += 1;
                    r.named_right += u32::from(at == vehicle);
                    r.stated += p;
                }
                Named::Two(a, b, _) => {
                    r.pairs += 1;
                    r.pairs_right += u32::from(a == vehicle || b == vehicle);
                }
                Named::Unknown => {}
            }
            if row && let Some((at, p)) = order.first() {
                let edges = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.995];
                let bin = &mut bins[edges.iter().take_while(|e| p >= e).count()];
                bin.0 += 1;
                bin.1 += u32::from(*at == vehicle);
                bin.2 += p;
            }
        }
    }
    println!(
        "case: n, prototype right, first right, among two | named: share right stated | pair: share right | aboard"
    );
    for (name, r) in rows {
        let of = |a: u32, b: u32| f64::from(a) / f64::from(b.max(1));
        println!(
            "{name:28} {:5} {:.3} {:.3} {:.3} | {:.3} {:.3} {:.3} | {:.3} {:.3} | {:.3}",
            r.cases,
            of(r.prototype, r.cases),
            of(r.first, r.cases),
            of(r.two, r.cases),
            of(r.named, r.cases),
            of(r.named_right, r.named),
            r.stated / f64::from(r.named.max(1)),
            of(r.pairs, r.cases),
            of(r.pairs_right, r.pairs),
            of(r.aboard, r.cases),
        );
    }
    println!("stated, observed, n");
    for (n, right, sum) in bins.into_iter().filter(|bin| bin.0 > 0) {
        let n_f = f64::from(n);
        println!("{:.3} {:.3} {n}", sum / n_f, f64::from(right) / n_f);
    }
}

fn case(attribution: &Attribution, line: &str) -> Option<(String, usize, usize, Posterior)> {
    let parts: Vec<&str> = line.split('\t').collect();
    let regime = match *parts.get(1)? {
        "parked6" => Regime::Parked,
        "city_queue" => Regime::Queue,
        "city" => Regime::Driving((23.0 - 9.0) / 1.2),
        _ => Regime::Driving(30.0),
    };
    let heard = parts.get(8)?.split(' ').map(|pair| {
        let (count, level) = pair.split_once(':')?;
        Some(Tally {
            count: count.parse().ok()?,
            level_dbm: level.parse().ok()?,
        })
    });
    let look = Look {
        regime,
        events: parts.get(4)?.parse().ok()?,
        slots: 6,
        heard: heard.collect(),
        wandering: None,
    };
    let name = format!("{} {}", parts.first()?, parts.get(1)?);
    let posterior = attribution.posterior(&[look])?;
    Some((
        name,
        parts.get(2)?.parse().ok()?,
        parts.get(5)?.parse().ok()?,
        posterior,
    ))
}
