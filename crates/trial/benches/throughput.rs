//! What a frame costs at each stage. `scripts/bench.sh` compares whole runs with a rival on the same files.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use vigie_capture::{Event, Input, Merge};
use vigie_decode::{Decoder, identify};
use vigie_detect::{Config, Intake, Profile};
use vigie_trial::generate::{CrcFlag, Load, LoadFormat, write_load};

const FRAMES: u64 = 100_000;

fn stages(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut group = c.benchmark_group("frames");
    group
        .throughput(Throughput::Elements(FRAMES))
        .sample_size(20);
    for (name, crc) in [
        ("crc checked", CrcFlag::Checked),
        ("crc computed", CrcFlag::Unchecked),
    ] {
        let path = folder.path().join(format!("{name}.pcap"));
        let load = Load {
            frames: FRAMES,
            addresses: 1000,
            hours: 0.1,
            seed: 1,
            crc,
        };
        write_load(&path, &load, LoadFormat::Pcap).expect("a load file");
        let open = || Merge::open(&[Input::from(path.as_path())]).expect("the load file");
        group.bench_function(format!("capture, {name}"), |b| {
            b.iter_batched_ref(open, |merge| each(merge, |_| ()), BatchSize::PerIteration);
        });
        group.bench_function(format!("decode, {name}"), |b| {
            b.iter_batched_ref(
                || (open(), Decoder::new()),
                |(merge, decoder)| {
                    each(merge, |f| {
                        decoder.decode(f, &mut |d| {
                            black_box(d);
                        });
                    });
                },
                BatchSize::PerIteration,
            );
        });
        group.bench_function(format!("decode and identify, {name}"), |b| {
            b.iter_batched_ref(
                || (open(), Decoder::new()),
                |(merge, decoder)| {
                    each(merge, |f| {
                        decoder.decode(f, &mut |d| {
                            if let vigie_decode::Decoded::Advertisement(a) = d {
                                black_box(identify(&a));
                            }
                        });
                    });
                },
                BatchSize::PerIteration,
            );
        });
        for profile in [Profile::Vehicle, Profile::OnPerson] {
            let config = Config {
                profile,
                ..Config::default()
            };
            group.bench_function(format!("judge {}, {name}", profile.as_str()), |b| {
                b.iter_batched_ref(
                    || (open(), Intake::new(&config)),
                    |(merge, intake)| {
                        each(merge, |f| intake.frame(f, &mut |o| drop(black_box(o))));
                    },
                    BatchSize::PerIteration,
                );
            });
        }
    }
}

fn each(merge: &mut Merge, mut take: impl FnMut(&vigie_decode::Frame<'_>)) {
    while let Some(event) = merge.next().expect("a good load file") {
        if let Event::Frame(frame) = event {
            take(&frame);
        }
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
