;; Host functions that can't wait, that could and are ready, and that wait; a loop to be left in the middle.
(module
  (import "host" "sync" (func $sync (param i32 i32) (result i32)))
  (import "host" "ready" (func $ready (param i32 i32) (result i32)))
  (import "host" "waits" (func $waits (param i32 i32) (result i32)))
  (memory 1)

  (func (export "nop"))

  ;; Each calls the host as often as it is told.
  (func (export "sync") (param i32) (result i64)
    (local i32)
    (loop
      (local.set 1 (call $sync (local.get 1) (i32.const 3)))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (i64.extend_i32_u (local.get 1)))
  (func (export "ready") (param i32) (result i64)
    (local i32)
    (loop
      (local.set 1 (call $ready (local.get 1) (i32.const 3)))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (i64.extend_i32_u (local.get 1)))
  (func (export "waits") (param i32) (result i64)
    (local i32)
    (loop
      (local.set 1 (call $waits (local.get 1) (i32.const 3)))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (i64.extend_i32_u (local.get 1)))

  (func (export "spin") (param i32) (result i64)
    (local i64)
    (loop
      (local.set 1 (i64.add (local.get 1) (i64.extend_i32_u (local.get 0))))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 1)))
