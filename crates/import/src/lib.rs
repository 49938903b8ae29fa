//! Bytes of a supported format into a clean report with its problems listed; pure
