;; Calls within the module store nothing; those that may leave it tell the store who calls.
;;! x86_64 clif faults
;;! aarch64 clif checks
;;! aarch64 machine faults

(module
  (import "" "f" (func $import (param i32) (result i32)))
  (type $t (func (param i32) (result i32)))
  (table 4 4 funcref)
  (func $direct (param i32) (result i32)
    (call $direct (call $direct (local.get 0))))
  (func $imported (param i32) (result i32)
    (call $import (i32.eqz (local.get 0))))
  (func $indirect (param i32 i32) (result i32)
    (call_indirect (type $t) (local.get 0) (local.get 1)))
  (func $many (result i32 i64 f32 f64 i32 i32 i32 i32 i32 i32)
    (call $many)))
