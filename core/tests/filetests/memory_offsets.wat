;; An offset that AArch64 can't encode: what is common to accesses near each other is computed once.
;;! aarch64 machine faults
;;! x86_64 machine faults

(module
  (memory 17)
  (func $field (param i32) (result i32)
    (i32.add (i32.load offset=4 (local.get 0)) (i32.load offset=8 (local.get 0))))
  (func $static (param i32) (result i32)
    (i32.add (i32.load offset=1048580 (local.get 0)) (i32.load offset=1048600 (local.get 0)))))
