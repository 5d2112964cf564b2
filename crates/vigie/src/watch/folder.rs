//! The case folder of a live run: made where there is none, taken up where there is one.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use vigie_capture::live::SensorSpec;
use vigie_capture::{Case, Input, case};

use crate::arguments::Watch;

/// A case that is being watched.
pub struct Folder {
    path: PathBuf,
    cases: Vec<Case>,
    /// By name, as a replay finds them.
    sensors: Vec<SensorSpec>,
}

impl Folder {
    /// Makes or takes up the folder that is named; without one, a new one in the current folder, by the date.
    pub fn prepare(arguments: &Watch, now_us: i64) -> Result<Self> {
        let mut sensors = arguments.sensor.clone();
        sensors.sort_by(|a, b| a.id.cmp(&b.id));
        if let Some([first, _]) = sensors.array_windows().find(|[a, b]| a.id == b.id) {
            bail!("two sensors bear the name {}: put ID= in front", first.id);
        }
        let path = arguments.case.clone().unwrap_or_else(|| {
            let time = vigie_keep::utc_text(now_us);
            let digits: String = time
                .chars()
                .filter(|c| !"-:".contains(*c))
                .take(13)
                .collect();
            PathBuf::from(format!("vigie-{digits}"))
        });
        std::fs::create_dir_all(&path).with_context(|| format!("{}", path.display()))?;
        let written = path.join(case::FILE);
        if !written.exists() {
            // First beside it: a power cut leaves the whole file or none.
            let draft = path.join(".case.toml.new");
            std::fs::write(&draft, case_toml(arguments, &sensors))
                .and_then(|()| std::fs::File::open(&draft)?.sync_all())
                .and_then(|()| std::fs::rename(&draft, &written))
                .with_context(|| format!("{}", written.display()))?;
        }
        let (cases, notes) = case::read_all(&[Input::from(path.as_path())])?;
        for note in notes {
            eprintln!("vigie: {}: {}", note.detail, note.text);
        }
        Ok(Self {
            path,
            cases,
            sensors,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    pub fn sensors(&self) -> &[SensorSpec] {
        &self.sensors
    }

    pub fn inputs(&self) -> Vec<Input> {
        vec![Input::from(self.path.as_path())]
    }
}

/// What is known at the start: each named sensor rides in a vehicle of its name, until somebody writes otherwise.
fn case_toml(arguments: &Watch, sensors: &[SensorSpec]) -> String {
    let mut text = String::new();
    let profile = arguments.judging.profile.map(vigie_detect::Profile::from);
    if let Some(profile) = profile {
        let _ = writeln!(text, "profile = {:?}", profile.as_str());
    }
    let on_person = profile == Some(vigie_detect::Profile::OnPerson);
    for sensor in sensors.iter().filter(|s| s.named && !on_person) {
        let _ = writeln!(text, "\n[[vehicle]]\nname = {:?}", sensor.id);
    }
    for sensor in sensors.iter().filter(|s| s.named && !on_person) {
        let id = &sensor.id;
        let _ = writeln!(text, "\n[[ride]]\nsensor = {id:?}\nvehicle = {id:?}");
    }
    for sensor in sensors {
        let (id, class) = (&sensor.id, sensor.kind.class());
        let _ = writeln!(text, "\n[sensor.{id:?}]\nsource = {class:?}");
    }
    text
}
