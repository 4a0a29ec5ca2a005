//! Many threads, one order. In: items, and what is to be done with each. Out: the results, handed over one by one in the order
//! of the items, each as soon as it and all before it are there. Never holds more than `WINDOW` results for each thread.

use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use crate::error::{Error, Result};

/// How far, for each thread, the work may run ahead of a result that is slow in coming.
const WINDOW: usize = 16;

/// Runs `work` on `jobs` threads.
pub fn on<T: Send>(jobs: Option<NonZeroUsize>, work: impl FnOnce() -> T + Send) -> Result<T> {
    Ok(pool(jobs)?.install(work))
}

fn pool(jobs: Option<NonZeroUsize>) -> Result<rayon::ThreadPool> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.map_or(0, NonZeroUsize::get)).build();
    pool.map_err(|e| Error::Usage(format!("cannot start the threads: {e}")))
}

/// Does `work` on each item on `jobs` threads (all cores by default) and hands the results to `take`, in the order of the items.
///
/// # Errors
/// Those of `take`, which end the work; and where no threads can be had.
pub fn in_order<I: Send, O: Send>(
    jobs: Option<NonZeroUsize>,
    items: impl Iterator<Item = I> + Send,
    work: impl Fn(I) -> O + Sync,
    mut take: impl FnMut(O) -> Result<()>,
) -> Result<()> {
    let pool = pool(jobs)?;
    let (order, results) = sync_channel::<Receiver<O>>(WINDOW * pool.current_num_threads());
    let work = &work;
    pool.in_place_scope(|workers| {
        thread::scope(|feeder| {
            feeder.spawn(move || {
                for item in items {
                    let (done, result) = sync_channel(1);
                    if order.send(result).is_err() {
                        return;
                    }
                    workers.spawn(move |_| drop(done.send(work(item))));
                }
            });
            // The channel is owned here, so that an error of `take` closes it and the feeder stops.
            results.into_iter().try_for_each(|result| result.recv().map_or(Ok(()), &mut take))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let slow_first = |n: u64| {
            thread::sleep(std::time::Duration::from_millis(if n.is_multiple_of(7) { 5 } else { 0 }));
            n * n
        };
        for jobs in [1, 3] {
            let mut seen = Vec::new();
            let take = |n| {
                seen.push(n);
                Ok(())
            };
            in_order(NonZeroUsize::new(jobs), 0..100, slow_first, take).unwrap();
            assert_eq!(seen, (0..100).map(|n| n * n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_endless_input_is_read_no_further_than_needed() {
        let read = AtomicUsize::new(0);
        let items = (0..).inspect(|_| {
            read.fetch_add(1, Ordering::Relaxed);
        });
        let full = |n| if n < 5 { Ok(()) } else { Err(Error::Usage("full".into())) };
        assert!(in_order(NonZeroUsize::new(2), items, |n| n, full).is_err());
        assert!(read.into_inner() <= 5 + 2 * WINDOW + 3);
    }
}
