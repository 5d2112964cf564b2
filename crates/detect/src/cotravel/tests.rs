use super::*;

#[test]
fn the_beta_binomial_is_a_distribution() {
    for share in [[2.0, 1.0], [0.3, 7.5], [40.0, 3.0]] {
        let total: f64 = [1.0, 5.0, 10.0, 10.0, 5.0, 1.0]
            .into_iter()
            .zip(0..)
            .map(|(sequences, k)| sequences * beta_binomial(k, 5, share))
            .sum();
        assert!((total - 1.0).abs() < 1e-12, "{share:?}: {total}");
    }
}

#[test]
fn hours_aboard_do_not_overflow() {
    let constants = CoTravelConstants::default();
    let mut test = CoTravel::new(&constants);
    let motion = SlotMotion {
        speed_m_s: 20.0,
        moving: 1.0,
        turns: 0,
    };
    let conditions = Conditions::new(&constants, motion);
    for _ in 0..5000 {
        test.step(
            &constants,
            SlotHeard {
                count: 5,
                level_dbm: Some(-60.0),
            },
            &conditions,
        );
        assert!(test.llr(&constants).is_finite());
    }
    assert!(test.llr(&constants) > 300.0 && test.against().iter().all(|x| x.is_finite()));
}

/// The prototype knows the steady manner alone.
fn steady() -> [Manner; MANNERS] {
    let mut manners = CoTravelConstants::default().manners;
    for (manner, weight) in manners.iter_mut().zip([1.0, 0.0, 0.0, 0.0, 0.0]) {
        manner.weight = weight;
    }
    manners
}

/// `golden/cotravel.tsv`: made by `golden/make_cotravel.py` from the Python prototype's `llr_path`.
#[test]
fn equals_the_prototype() {
    let golden = include_str!("../../golden/cotravel.tsv");
    let mut tests: std::collections::BTreeMap<u32, CoTravel> = Default::default();
    let mut compared = 0;
    for line in golden.lines().filter(|l| !l.starts_with('#')) {
        let f: Vec<f64> = line.split('\t').map(|x| x.parse().unwrap()).collect();
        let constants = CoTravelConstants {
            split: f[7],
            // As the prototype has it.
            returns: 1e-4,
            manners: steady(),
            ..Default::default()
        };
        let test = tests
            .entry(f[0] as u32)
            .or_insert_with(|| CoTravel::new(&constants));
        let motion = SlotMotion {
            speed_m_s: f[4],
            moving: f[5],
            turns: f[6] as u32,
        };
        test.step(
            &constants,
            SlotHeard {
                count: f[2] as u32,
                level_dbm: (f[2] > 0.0).then_some(f[3]),
            },
            &Conditions::new(&constants, motion),
        );
        let llr = test.llr(&constants);
        assert!((llr - f[8]).abs() < 1e-8, "{line}: {llr}");
        compared += 1;
    }
    assert!(compared > 500, "{compared}");
}
