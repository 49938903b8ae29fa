//! The index against the definition: what a scan of the folded texts finds, the index finds.

mod analysis;
mod figures;
mod named;
mod oracle;
mod quality;
mod recovery;
mod support;
