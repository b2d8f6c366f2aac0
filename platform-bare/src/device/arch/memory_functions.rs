//! memcpy and its kin.
