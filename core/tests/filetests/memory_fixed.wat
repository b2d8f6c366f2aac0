;; A memory of one size has a constant length and base, and may be out of reach altogether.
;;! x86_64 clif faults
;;! x86_64 clif checks

(module
  (import "" "" (memory 2 2))
  (func $load (param i32) (result i32)
    (i32.load (local.get 0)))
  (func $never (param i32) (result i32)
    (i32.load offset=131070 (local.get 0)))
  (func $size (result i32) (memory.size)))
