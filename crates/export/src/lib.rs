//! Annotated PDF of tagged reports
