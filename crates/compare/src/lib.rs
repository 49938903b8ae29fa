//! Shared passages and theme alignment between reports; pure over texts
