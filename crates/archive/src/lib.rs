//! The application: use cases over an archive, and its jobs
