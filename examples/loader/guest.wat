;; What the loader runs: a call out, a result, and a trap.
(module
  (import "host" "log" (func $log (param i32)))
  (func $factorial (export "factorial") (param $n i32) (result i32)
    (call $log (local.get $n))
    (if (result i32) (i32.eqz (local.get $n))
      (then (i32.const 1))
      (else (i32.mul (local.get $n) (call $factorial (i32.sub (local.get $n) (i32.const 1)))))))
  (func (export "divide") (param i32 i32) (result i32)
    (i32.div_s (local.get 0) (local.get 1))))
