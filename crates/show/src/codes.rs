//! The codes that have words in both languages, as other crates write them.
//!
//! A code that is not here is shown as it stands, and said to have no text.

use vigie_detect::outcome::{NoticeKind, ReasonCode, State, Verdict};

/// Codes of `Summary::blind_because`.
pub const BLIND_BECAUSE: &[&str] = &[
    "parked",
    "heard_too_short",
    "crowded",
    "no_positions",
    "not_moved_enough",
    "surroundings_did_not_change",
    "no_frames",
    "sensor_deaf",
    "damaged_input",
    "air_full",
    "sensor_flooded",
    "sensor_late",
    "positions_lost",
];

/// Codes of `Summary::cannot_exclude`.
pub const CANNOT_EXCLUDE: &[&str] = &[
    "switched_off",
    "sleeping",
    "cellular",
    "store_and_forward",
    "other_radio",
    "shielded",
    "connected_not_advertising",
    "slow_interval",
    "fast_rotation",
    "fast_rotation_quiet",
    "extended_only",
    "passive_receiver_limits",
    "one_channel",
    "family_unknown",
    "vehicle_without_sensor",
    "quieter_than_strangers",
];

/// Codes of `Summary::advice`.
pub const ADVICE: &[&str] = &[
    "record_longer",
    "record_with_positions",
    "move_through_changing_places",
    "check_own_devices",
    "search_vehicle",
    "drive_an_empty_road",
    "do_not_go_home",
    "keep_device_as_evidence",
    "call_for_help",
    "record_second_time_another_day",
    "use_dedicated_receiver",
    "check_damaged_input",
];

/// Codes of `Clearance::classes`.
pub const CLASSES: &[&str] = &[
    "lasting_address_loud",
    "lasting_address_quiet",
    "changing_address_loud",
];

/// Codes of `Clearance::basis`.
pub const BASES: &[&str] = &["measured", "simulated"];

/// Details of a `Notice`. `damage_` is followed by one of [`DAMAGE`]. `unknown_column` and
/// `unknown_time_zone` are told as `column_passed_over` and `unknown_zone`.
pub const NOTICE_DETAILS: &[&str] = &[
    "deaf_gap",
    "partly_deaf",
    "rides_elsewhere",
    "left_behind",
    "one_channel",
    "channel_unheard",
    "sensor_late",
    "vehicle_without_sensor",
    "sensor_offset",
    "positions_lost",
    "positions_back",
    "hears_again",
    "unplugged",
    "refused",
    "failing",
    "starved",
    "filtered",
    "lost",
    "reference_unheard",
    "clock_step",
    "gnss_clock",
    "disk_low",
    "disk_full",
    "disk_back",
    "unrecorded",
    "position_source_lost",
    "position_source_back",
    "position_jump",
    "blind",
    "clear",
    "watch",
    "act",
    "time_backwards",
    "unknown_zone",
    "no_fix",
    "fix_jump",
    "standing_still",
    "flood_addresses",
    "clone_likely",
    "clone_counted",
    "damage",
    "column_passed_over",
    "passed_over",
    "unknown_value",
    "unknown_setting",
    "no_payload",
    "no_rssi",
    "no_date",
    "no_positions",
    "first_seen_only",
    "time_read_as_utc",
    "payload_put_together",
    "untested_on_real_files",
    "newcomer",
    "loud_before_departure",
    "copied_other_family",
    "copied_two_transmitters",
    "copied_elsewhere",
    "copied_old_address",
    "likely",
];

/// Kinds of damage, as in `Summary::malformed_by_kind`.
pub const DAMAGE: &[&str] = &[
    "crc",
    "truncated",
    "length",
    "extended_header",
    "ad_structure",
    "reserved",
    "hci_length",
    "address",
    "wild_time",
    "impossible_length",
    "short_packet",
    "unknown_interface",
    "unknown_link_type",
    "no_time",
    "bad_time",
    "malformed_row",
    "bad_position",
    "bad_checksum",
    "bad_container",
    "over_limit",
    "unsupported",
];

/// Tracker families.
pub const FAMILIES: &[&str] = &[
    "apple_find_my",
    "google_find_hub",
    "smartthings_find",
    "tile",
    "chipolo",
    "pebblebee",
    "dult",
];

/// Models.
pub const MODELS: &[&str] = &["airtag", "airpods", "licensed_accessory", "apple_device"];

/// What a tracker says of its owner.
pub const DEVICE_STATES: &[&str] = &["separated", "near_owner", "unpaired"];

/// Weak signs of a self-made tracker.
pub const CLONE_SIGNS: &[&str] = &[
    "not_connectable",
    "not_private_address",
    "not_static_address",
    "hint_zero",
    "status_zero",
    "flags_not_hashed",
];

/// Profiles.
pub const PROFILES: &[&str] = &["vehicle", "on-person"];

/// Threat levels.
pub const THREATS: &[&str] = &["low", "normal", "high", "critical"];

/// Texts for the command line, each with its variables.
///
/// `path`, `reason`, `version`, `profile`, `threat`, `tag` are texts; `offset` and `frames` counts; `percent` a
/// probability.
pub const COMMAND_LINE: &[(&str, &[&str])] = &[
    ("error-empty", &["path"]),
    ("error-encrypted", &["path"]),
    ("error-unrecognised", &["path"]),
    ("error-unreadable", &["path", "offset", "reason"]),
    ("error-io", &["path", "reason"]),
    ("error-no-frames", &["path"]),
    ("error-output", &["reason"]),
    ("error-no-labels", &["path"]),
    ("error-folder", &["path"]),
    ("error-variant", &["known"]),
    ("error-other", &["reason"]),
    ("progress-reading", &["percent", "frames"]),
    ("watch-begins", &["case", "sensors"]),
    (
        "watch-figures",
        &["packets", "unrecorded", "half", "most", "longest"],
    ),
    ("doctor-title", &["version"]),
    ("doctor-formats", &[]),
    ("doctor-format-pcap", &[]),
    ("doctor-format-btsnoop", &[]),
    ("doctor-format-packetlogger", &[]),
    ("doctor-format-bledoubt", &[]),
    ("doctor-format-homescout", &[]),
    ("doctor-format-generic", &[]),
    ("doctor-format-untested", &[]),
    ("doctor-format-positions", &[]),
    ("doctor-defaults", &["profile", "threat"]),
    ("doctor-offline", &[]),
    ("enrol-added", &["name", "path"]),
    ("enrol-removed", &["name"]),
    ("enrol-away", &["name"]),
    ("enrol-nobody", &["path"]),
    ("enrol-none", &[]),
    ("enrol-line-key", &["name", "vehicle", "consent"]),
    ("enrol-line-both", &["name", "vehicle", "consent", "list"]),
    (
        "enrol-line-address",
        &["name", "vehicle", "consent", "list"],
    ),
    ("enrol-take", &["name", "list", "heard", "level", "louder"]),
    ("enrol-take-alone", &["name", "list", "heard", "level"]),
    ("enrol-changes", &[]),
    ("enrol-confirm", &[]),
    ("error-enrol-where", &[]),
    ("error-enrol-file", &["name"]),
    ("error-enrol-name", &["name"]),
    ("error-enrol-unknown", &["name"]),
    ("error-enrol-consent", &["name"]),
    ("error-enrol-key", &["name"]),
    ("error-enrol-address", &["name"]),
    ("error-enrol-family", &["name"]),
    ("error-enrol-device", &["name"]),
    ("error-enrol-time", &["name"]),
    ("error-enrol-nothing", &["name"]),
    ("error-enrol-quiet", &["name"]),
    ("error-enrol-two", &["name"]),
    ("simulated", &["path", "frames", "tag"]),
    ("simulated-case", &["path", "frames", "tags", "tag"]),
    ("demo-intro", &["vehicles"]),
    ("demo-parked", &["at"]),
    ("demo-planted", &["at", "vehicle"]),
    ("demo-departure", &["at"]),
    ("demo-found", &["vehicle", "seconds"]),
    ("demo-missed", &["vehicle"]),
    ("scenarios-progress", &["case", "environment"]),
    ("scenarios-simulated", &[]),
    ("scenarios-semi-synthetic", &[]),
    ("scenarios-case", &[]),
    ("scenarios-environment", &[]),
    ("scenarios-runs", &[]),
    ("scenarios-recall", &[]),
    ("scenarios-median", &[]),
    ("scenarios-ninety", &[]),
    ("scenarios-aim", &[]),
    ("scenarios-oracle", &[]),
    ("scenarios-clear-aboard", &[]),
    ("scenarios-vehicle", &[]),
    ("scenarios-pair", &[]),
    ("scenarios-expected", &[]),
    ("scenarios-alarms", &[]),
    ("scenarios-links", &[]),
    ("scenarios-best-rival", &[]),
    ("scenarios-rivals", &[]),
    ("scenarios-clean", &[]),
    ("scenarios-clean-rivals", &[]),
    ("scenarios-classes", &[]),
    ("scenarios-all", &[]),
    ("scenarios-tags", &[]),
    ("scenarios-drives", &[]),
    ("scenarios-vehicle-hours", &[]),
    ("scenarios-emitters", &[]),
    ("scenarios-rate", &[]),
    ("scenarios-rate-by-drive", &[]),
    ("scenarios-resampled", &[]),
    ("scenarios-per-day", &[]),
    ("scenarios-clear", &[]),
    ("scenarios-reliability", &[]),
    ("scenarios-vehicle-reliability", &[]),
    ("scenarios-legend", &[]),
    ("scenarios-interrupted", &[]),
    ("adversarial-title", &[]),
    ("adversarial-legend", &[]),
    ("adversarial-none", &[]),
    ("adversarial-flood", &[]),
    ("adversarial-replay-stranger", &[]),
    ("adversarial-replay-own", &[]),
    ("adversarial-power", &[]),
    ("adversarial-channel-hopping", &[]),
    ("adversarial-positions", &[]),
    ("adversarial-deaf", &[]),
    ("adversarial-yes", &[]),
    ("adversarial-no", &[]),
    ("adversarial-load", &["number"]),
    ("adversarial-channel-fixed", &["number"]),
    ("adversarial-clock", &["number"]),
    ("adversarial-head-case", &[]),
    ("adversarial-head-environment", &[]),
    ("adversarial-head-tag", &[]),
    ("adversarial-head-found", &[]),
    ("adversarial-head-median", &[]),
    ("adversarial-head-ninety", &[]),
    ("adversarial-head-alarms", &[]),
    ("adversarial-head-own", &[]),
    ("adversarial-head-blind", &[]),
    ("adversarial-head-clear", &[]),
    ("adversarial-head-end", &[]),
    ("adversarial-head-emitters", &[]),
    ("adversarial-head-notices", &[]),
    ("scenarios-prototypes", &[]),
    ("scenarios-theirs", &[]),
    ("scenarios-ours", &[]),
    ("evaluate-pooled", &[]),
    ("evaluate-rule", &[]),
    ("evaluate-found", &[]),
    ("evaluate-recall", &[]),
    ("evaluate-precision", &[]),
    ("evaluate-false-alarms", &[]),
    ("evaluate-per-hour", &[]),
    ("evaluate-median", &[]),
    ("evaluate-ninety", &[]),
    ("evaluate-within", &[]),
    ("evaluate-restricted-mean", &[]),
    ("evaluate-composed-still", &[]),
    ("evaluate-composed-noise", &[]),
    ("evaluate-composed-leaving", &[]),
    ("evaluate-composed-still-no-positions", &[]),
    ("evaluate-composed-ride", &[]),
    ("evaluate-composed-ride-no-positions", &[]),
    ("evaluate-brier", &[]),
    ("evaluate-hours", &[]),
    ("evaluate-identifiers", &[]),
    ("evaluate-own", &[]),
    ("evaluate-reliability", &[]),
    ("evaluate-stated", &[]),
    ("evaluate-emitters", &[]),
    ("evaluate-mean-stated", &[]),
    ("evaluate-observed", &[]),
    ("evaluate-left-out", &[]),
    ("evaluate-base", &[]),
    ("evaluate-regimes", &[]),
    ("evaluate-profile", &["profile"]),
    ("evaluate-semi-synthetic", &[]),
    ("evaluate-without-positions", &[]),
    ("evaluate-redraw-sighting", &[]),
    ("evaluate-redraw-seconds", &["seconds"]),
    ("evaluate-redraw-together", &[]),
    ("evaluate-redraw-alone", &[]),
];

/// The code of a state, as in the key `state-…`.
#[must_use]
pub const fn state(state: State) -> &'static str {
    match state {
        State::Blind => "blind",
        State::Clear => "clear",
        State::Watch => "watch",
        State::Act => "act",
    }
}

/// The code of a verdict, as in the key `verdict-…`.
#[must_use]
pub const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Aboard => "aboard",
        Verdict::TravellingWithUs => "travelling_with_us",
        Verdict::Passing => "passing",
        Verdict::Fixed => "fixed",
        Verdict::Enrolled => "enrolled",
        Verdict::ProbablyOurs => "probably_ours",
        Verdict::Undecided => "undecided",
    }
}

/// The code of a reason, as in the key `reason-…`.
#[must_use]
pub const fn reason(code: ReasonCode) -> &'static str {
    match code {
        ReasonCode::Turnover => "turnover",
        ReasonCode::Displacement => "displacement",
        ReasonCode::Contact => "contact",
        ReasonCode::LevelAboveStrangers => "level_above_strangers",
        ReasonCode::Level => "level",
        ReasonCode::AgainstRoadside => "against_roadside",
        ReasonCode::AgainstStream => "against_stream",
        ReasonCode::AgainstPlatoon => "against_platoon",
        ReasonCode::Turns => "turns",
        ReasonCode::NoPositions => "no_positions",
        ReasonCode::NotMoved => "not_moved",
        ReasonCode::OnePlace => "one_place",
        ReasonCode::FellowTraveller => "fellow_traveller",
        ReasonCode::Successor => "successor",
        ReasonCode::Linked => "linked",
        ReasonCode::CarriedEvidence => "carried_evidence",
        ReasonCode::LoudOnce => "loud_once",
        ReasonCode::Places => "places",
        ReasonCode::NearOwner => "near_owner",
        ReasonCode::KeysHeardOnce => "keys_heard_once",
        ReasonCode::KeysLoudThroughout => "keys_loud_throughout",
        ReasonCode::LevelOccupied => "level_occupied",
        ReasonCode::ManyTagsAround => "many_tags_around",
        ReasonCode::CloneSigns => "clone_signs",
        ReasonCode::CopiedAddress => "copied_address",
        ReasonCode::LevelByVehicle => "level_by_vehicle",
        ReasonCode::ChangedVehicle => "changed_vehicle",
        ReasonCode::FamilyUnknown => "family_unknown",
    }
}

/// The code of a kind of notice, as in the key `notice-kind-…`.
#[must_use]
pub const fn notice_kind(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Watch => "watch",
        NoticeKind::Deaf => "deaf",
        NoticeKind::Clock => "clock",
        NoticeKind::Fix => "fix",
        NoticeKind::Flood => "flood",
        NoticeKind::Newcomer => "newcomer",
        NoticeKind::Clone => "clone",
        NoticeKind::Copied => "copied",
        NoticeKind::Damage => "damage",
        NoticeKind::Sensor => "sensor",
        NoticeKind::State => "state",
        NoticeKind::Recording => "recording",
        NoticeKind::Input => "input",
    }
}
