;; What is short and of constant length is copied and filled in line, the end first.
;;! x86_64 clif faults
;;! x86_64 clif checks
;;! aarch64 machine faults

(module
  (memory 1)
  (data "abc")
  (func $copy7 (param i32 i32)
    (memory.copy (local.get 0) (local.get 1) (i32.const 7)))
  (func $copy40 (param i32 i32)
    (memory.copy (local.get 0) (local.get 1) (i32.const 40)))
  (func $fill3 (param i32)
    (memory.fill (local.get 0) (i32.const 0x1ff) (i32.const 3)))
  (func $fill12 (param i32 i32)
    (memory.fill (local.get 0) (local.get 1) (i32.const 12)))
  (func $fill24 (param i32)
    (memory.fill (local.get 0) (i32.const 0) (i32.const 24)))
  (func $copy (param i32 i32 i32)
    (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func $fill_nothing (param i32)
    (memory.fill (local.get 0) (i32.const 0) (i32.const 0)))
  (func $init (param i32)
    (memory.init 0 (local.get 0) (i32.const 1) (i32.const 2))
    (data.drop 0)))
