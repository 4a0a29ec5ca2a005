//! Reads Chinese policy guidelines (calls for research projects) and writes versioned JSON programme definitions in which
//! every number is accounted for and every fact quotes the words that it came from.
//!
//! ```
//! use std::path::Path;
//! use zhinan::{pipeline::Reader, table::Tables};
//!
//! # fn main() -> zhinan::error::Result<()> {
//! let text = "2026年度国际合作项目申报指南\n每项支持经费不超过60万元，企业、高校和科研单位均可申报，项目执行期2年。\n";
//! let reader = Reader::new(Tables::built_in()?);
//! let call = &reader.read(Path::new("call.txt"), text.as_bytes())?.definition.programmes[0];
//! assert_eq!(call.funding[0].fields.get("max"), Some(&600000.into()));
//! assert_eq!(call.funding[0].evidence.text, "不超过60万元");
//! assert_eq!(call.summary.months_max, 24);
//! # Ok(())
//! # }
//! ```

pub mod span;
pub mod sign;
pub mod error;
pub mod finding;
pub mod value;
pub mod table;
pub mod source;
pub mod normalise;
pub mod segment;
pub mod outline;
pub mod extract;
pub mod link;
pub mod programme;
pub mod pipeline;
pub mod proof;
pub mod eval;
pub mod diff;
pub mod store;
pub mod ingest;
pub mod batch;
pub mod cli;

pub(crate) use table::hex as table_hex;
