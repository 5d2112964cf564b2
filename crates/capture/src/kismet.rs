//! Kismet's database (SQLite, `db_version` 4 to 10; documented at kismetwireless.net): the packets of Bluetooth LE link types,
//! with the place they were received at. Opened read-only and immutable: nothing beside it is written.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use vigie_decode::Fix;

use crate::DamageKind;
use crate::link::{self, IN_SCRATCH, Link, NO_CHANNEL};
use crate::log::{Log, NewRow, StoredFrame};
use crate::reader::Failure;

/// A longer packet is not read.
const MAX_PACKET: i64 = 65_536;

pub(crate) fn recognised(prefix: &[u8]) -> bool {
    prefix.starts_with(b"SQLite format 3\0")
}

/// Reads the database. `offset` of a frame is the number of its row.
pub(crate) fn read(path: &Path, log: &mut Log, sensor: u16) -> Result<(), Box<Failure>> {
    let database = open(path).map_err(|e| unreadable(&e))?;
    let version: i64 = database
        .query_row("SELECT db_version FROM KISMET", [], |row| row.get(0))
        .map_err(|_| {
            let hint = "an SQLite database, but not Kismet's".to_owned();
            Box::new(Failure::Unrecognised { hint })
        })?;
    log.note(
        "untested_on_real_files",
        "Kismet's database is read from its documented tables",
    );
    let query = "SELECT rowid, ts_sec, ts_usec, dlt, CASE WHEN length(packet) <= ?1 THEN packet END, \
                 lat, lon, signal FROM packets WHERE dlt IN (187, 201, 251, 254, 256, 272) ORDER BY rowid";
    let mut statement = database.prepare(query).map_err(|e| unreadable(&e))?;
    let mut rows = statement.query([MAX_PACKET]).map_err(|e| unreadable(&e))?;
    let mut scratch = Vec::new();
    loop {
        let row = match rows.next() {
            Ok(Some(row)) => row,
            Ok(None) => break,
            Err(e) => {
                log.lose(
                    DamageKind::BadContainer,
                    0,
                    format!("the database cannot be read on: {e}"),
                    false,
                );
                break;
            }
        };
        let offset = row.get::<_, i64>(0).unwrap_or(0).unsigned_abs();
        if take(row, version, offset, log, sensor, &mut scratch).is_none() {
            log.lose(
                DamageKind::MalformedRow,
                offset,
                "a packet without time or bytes",
                true,
            );
        }
    }
    passed_over(&database, log);
    Ok(())
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    // In a URI these have a meaning of their own.
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'%' | b'?' | b'#' | 0x80.. | 0..=0x20 => uri.push_str(&format!("%{byte:02X}")),
            _ => uri.push(char::from(*byte)),
        }
    }
    uri.push_str("?mode=ro&immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(uri, flags)?;
    // The file is somebody else's: what its schema would call is not called.
    database.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON;")?;
    Ok(database)
}

fn unreadable(e: &rusqlite::Error) -> Box<Failure> {
    Box::new(Failure::Unreadable {
        offset: 0,
        what: format!("the database: {e}"),
    })
}

fn take(
    row: &rusqlite::Row<'_>,
    version: i64,
    offset: u64,
    log: &mut Log,
    sensor: u16,
    scratch: &mut Vec<u8>,
) -> Option<()> {
    let (seconds, us): (i64, i64) = (row.get(1).ok()?, row.get(2).ok()?);
    let time_us = seconds.checked_mul(1_000_000)?.checked_add(us)?;
    let link = Link::from_number(row.get(3).ok()?)?;
    let bytes = row.get_ref(4).ok()?.as_blob().ok()?;
    let (lat, lon): (f64, f64) = (row.get(5).unwrap_or(0.0), row.get(6).unwrap_or(0.0));
    // Before version 5 degrees were stored as whole numbers.
    let scale = if version < 5 { 1e-5 } else { 1.0 };
    let (lat, lon) = (lat * scale, lon * scale);
    let fix = Fix {
        time_us,
        sensor: Some(sensor),
        lat,
        lon,
        accuracy_m: None,
        speed_m_s: None,
    };
    log.fix(fix, offset);
    let packet = match link::read(link, bytes, scratch) {
        Ok(packet) => packet,
        Err(not_read) => {
            if let Some((kind, what)) = not_read.damage() {
                log.lose(kind, offset, what, true);
            }
            return Some(());
        }
    };
    let frame = if packet.head == IN_SCRATCH {
        scratch.as_slice()
    } else {
        bytes.get(usize::from(packet.head)..).unwrap_or_default()
    };
    let rssi = if packet.rssi == 0 {
        row.get(7).ok()
    } else {
        Some(i64::from(packet.rssi))
    };
    let new = NewRow {
        time_us,
        sensor,
        offset,
        rssi,
        channel: Some(packet.channel).filter(|&c| c != NO_CHANNEL),
        payload: Some(frame),
        ..NewRow::default()
    };
    log.frame(new, StoredFrame(packet.body));
    Some(())
}

/// Devices that Kismet knows from Bluetooth without keeping their packets.
fn passed_over(database: &Connection, log: &mut Log) {
    let query = "SELECT count(*) FROM devices WHERE phyname IN ('Bluetooth', 'BTLE')";
    let devices: i64 = database.query_row(query, [], |row| row.get(0)).unwrap_or(0);
    if devices > 0 && log.is_barren() {
        log.note(
            "passed_over",
            &format!("{devices} Bluetooth devices that have no packets in the database"),
        );
    }
}
