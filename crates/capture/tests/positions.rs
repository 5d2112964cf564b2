//! Positions in every format, read back from specimens.
#![allow(clippy::unwrap_used, clippy::panic)]

mod specimens;
mod support;

use specimens::*;
use support::read;
use vigie_capture::{DamageKind, Error, Format};

#[test]
fn gpx_tracks() {
    let seen = read(GPX.as_bytes()).unwrap();
    assert_eq!(seen.format, Some(Format::Gpx));
    let fixes: Vec<_> = seen
        .fixes
        .iter()
        .map(|f| (f.time_us, f.lat, f.lon, f.speed_m_s, f.sensor))
        .collect();
    assert_eq!(
        fixes,
        [
            (T0 + 500_000, 45.75, 7.5, None, None),
            (T0 + 1_000_000, 45.5, 7.25, Some(12.5), None)
        ]
    );
    assert_eq!(seen.kinds(), [DamageKind::BadPosition]);
    assert!(seen.has_note("no_time", ""));
}

#[test]
fn damaged_gpx_is_read_on_at_the_next_point() {
    // An unclosed quote, and a file that ends inside a point.
    let broken = GPX.replace("<ele>300</ele>", "<ele a=\"300</ele>");
    let seen = read(broken.as_bytes()).unwrap();
    assert!(
        seen.fixes.iter().any(|f| f.time_us == T0 + 500_000),
        "{:?}",
        seen.damage
    );
    assert!(!seen.damage.is_empty());
    let cut = &GPX[..GPX.find("12.5").unwrap()];
    let seen = read(format!("{}{}", cut, "").as_bytes());
    assert!(
        matches!(seen, Err(Error::Unreadable { .. })),
        "no whole point: {seen:?}"
    );
    let cut = &GPX[..GPX.find("22:13:20").unwrap()];
    let seen = read(cut.as_bytes()).unwrap();
    assert_eq!(
        (seen.fixes.len(), seen.kinds()),
        (1, vec![DamageKind::Truncated])
    );
    // Tags without end, and entities that would unfold for ever.
    let deep = format!("<gpx>{}", "<a>".repeat(100_000));
    assert!(matches!(
        read(deep.as_bytes()),
        Err(Error::Unreadable { .. })
    ));
    let bomb = format!(
        "<!DOCTYPE l [<!ENTITY a \"&a;&a;\">]>{}",
        GPX.replace("12.5", "&a;")
    );
    assert_eq!(read(bomb.as_bytes()).unwrap().fixes.len(), 2);
}

#[test]
fn nmea_sentences() {
    let mut text = nmea("GPGGA,221319.00,4530.0000,N,00715.0000,E,1,08,1.0,300.0,M,,M,,");
    text += &nmea("GPRMC,221320.00,A,4530.0000,N,00715.0000,E,10.0,90.0,141123,,,A");
    text += &nmea("GPGGA,221320.00,4530.0000,N,00715.0000,E,1,08,1.0,300.0,M,,M,,");
    text += &nmea("GNGGA,221320.50,4530.0000,S,00715.0000,W,1,08,1.0,300.0,M,,M,,");
    text += &nmea("GPRMC,221321.00,V,,,,,,,141123,,,N");
    text += &nmea("GPGGA,001000.00,4530.0000,N,00715.0000,E,1,08,1.0,300.0,M,,M,,");
    text += &nmea("GPGSV,1,1,00");
    let seen = read(text.as_bytes()).unwrap();
    assert_eq!(seen.format, Some(Format::Nmea));
    let fixes: Vec<_> = seen
        .fixes
        .iter()
        .map(|f| (f.time_us, f.lat, f.lon))
        .collect();
    // `date -u -d '2023-11-15 00:10:00' +%s`
    let next_day = 1_700_007_000_000_000;
    assert_eq!(
        fixes,
        [
            (T0, 45.5, 7.25),
            (T0 + 500_000, -45.5, -7.25),
            (next_day, 45.5, 7.25)
        ]
    );
    assert!((seen.fixes[0].speed_m_s.unwrap() - 5.1444).abs() < 0.001);
    assert!(seen.has_note("no_date", ""));
    assert_eq!(seen.damage, []);
    let broken = text.replacen("A,4530", "A,4531", 1);
    let seen = read(broken.as_bytes()).unwrap();
    assert_eq!(seen.kinds(), [DamageKind::BadChecksum]);
}

#[test]
fn positions_as_table_and_lines() {
    let seen = read(POSITIONS_CSV.as_bytes()).unwrap();
    assert_eq!(seen.format, Some(Format::PositionsCsv));
    let fixes: Vec<_> = seen
        .fixes
        .iter()
        .map(|f| (f.time_us, f.lat, f.speed_m_s, f.sensor))
        .collect();
    assert_eq!(
        fixes,
        [
            (T0, 45.75, Some(0.0), None),
            (T0 + 1_000_000, 45.5, Some(12.5), None)
        ]
    );
    assert_eq!((seen.damage.len(), seen.notes.len()), (0, 0));

    let seen = read(POSITIONS_JSON.as_bytes()).unwrap();
    assert_eq!(seen.format, Some(Format::PositionsJson));
    assert_eq!(seen.fixes[0].accuracy_m, Some(3.5));
    assert_eq!(seen.sensors.name(seen.fixes[0].sensor.unwrap()), "V1");
    assert_eq!(seen.fixes[1].sensor, None);

    let damaged =
        format!("{POSITIONS_CSV}17000,45\nx,45.5,7.25,0,0\n1700000002000000,95.0,7.25,0,0\n");
    let seen = read(damaged.as_bytes()).unwrap();
    use DamageKind::{BadPosition, BadTime, MalformedRow};
    assert_eq!(seen.kinds(), [MalformedRow, BadTime, BadPosition]);
    assert_eq!((seen.fixes.len(), seen.lost_frames()), (2, 0));
}
