//! Prints every event of the inputs named, or with `--count` how many and how fast.

use vigie_capture::{Event, Input, Merge};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let count = arguments.first().is_some_and(|a| a == "--count");
    if count {
        arguments.remove(0);
    }
    let inputs: Vec<Input> = arguments.iter().map(|a| Input::parse(a)).collect();
    let mut merge = Merge::open(&inputs)?;
    let start = std::time::Instant::now();
    let (mut frames, mut fixes, mut damage, mut sum) = (0u64, 0u64, 0u64, 0i64);
    while let Some(event) = merge.next()? {
        if !count {
            println!("{event:?}");
        }
        match event {
            Event::Frame(frame) => {
                frames += 1;
                sum = sum.wrapping_add(frame.time_us);
                sum = sum.wrapping_add(i64::from(frame.rssi.unwrap_or(0)));
            }
            Event::Fix(_) => fixes += 1,
            Event::Damage(_) => damage += 1,
            Event::Note(_) => {}
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    eprintln!(
        "{frames} frames, {fixes} fixes, {damage} damage; {:.1} million frames/s, {:.2} GB/s ({sum})",
        frames as f64 / seconds / 1e6,
        merge.total_bytes() as f64 / seconds / 1e9
    );
    Ok(())
}
