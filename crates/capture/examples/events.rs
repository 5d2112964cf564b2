//! Prints every event of the inputs named, or with `--count` how many and how fast.

use std::error::Error;
use std::time::Instant;

use vigie_capture::{Event, Input, Merge};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let named = arguments.iter().filter(|a| *a != "--count");
    let inputs: Vec<Input> = named.map(|a| Input::parse(a)).collect();
    let merge = Merge::open(&inputs)?;
    if inputs.len() < arguments.len() {
        count(merge)
    } else {
        print(merge)
    }
}

fn print(mut merge: Merge) -> Result<(), Box<dyn Error>> {
    while let Some(event) = merge.next()? {
        println!("{event:?}");
    }
    Ok(())
}

fn count(mut merge: Merge) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let (mut frames, mut fixes, mut damage, mut sum) = (0u64, 0u64, 0u64, 0i64);
    while let Some(event) = merge.next()? {
        match &event {
            Event::Frame(frame) => {
                frames += 1;
                sum = sum.wrapping_add(frame.time_us + i64::from(frame.rssi.unwrap_or(0)));
            }
            Event::Fix(_) => fixes += 1,
            Event::Damage(_) => damage += 1,
            Event::Note(_) | Event::Status(_) => {}
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{frames} frames, {fixes} fixes, {damage} damaged; control sum {sum}");
    let (rate, bytes) = (
        frames as f64 / seconds / 1e6,
        merge.total_bytes() as f64 / seconds / 1e9,
    );
    println!("{rate:.1} million frames/s, {bytes:.2} GB/s");
    Ok(())
}
