;; What the firmware runs: a call out, and a result.
(module
  (import "host" "print" (func $print (param i32)))
  (func (export "run") (param $n i32) (result i32)
    (call $print (local.get $n))
    (i32.mul (local.get $n) (i32.const 2))))
