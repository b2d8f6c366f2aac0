;; A memory that never moves: the offset is an operand, the base a constant, and nothing is checked.
;;! x86_64 clif faults
;;! x86_64 clif moving
;;! x86_64 clif checks

(module
  (memory 1)
  (func $load (param i32) (result i32)
    (i32.load offset=8 (local.get 0)))
  (func $narrow (param i32 i64)
    (i64.store8 (local.get 0) (i64.load16_s offset=2 (local.get 0))))
  ;; Below the minimum size: in bounds for ever.
  (func $constant (result i32)
    (i32.load offset=4 (i32.const 1024)))
  ;; Beyond it.
  (func $constant_checked (result i32)
    (i32.load (i32.const 65533)))
  ;; Beyond the guard.
  (func $far (param i32) (result i32)
    (i32.load offset=0x90000000 (local.get 0)))
  (func $byte (param i32) (result i32)
    (i32.load8_u (local.get 0)))
  (func $size_and_grow (param i32) (result i32)
    (i32.add (memory.grow (local.get 0)) (memory.size))))
