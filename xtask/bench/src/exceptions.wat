;; Exceptions: thrown and caught, and not thrown at all.
(module
  (tag $odd (param i64))
  (tag $other)

  (func $throw (param $n i32)
    (throw $odd (i64.extend_i32_u (local.get $n))))
  (func $maybe (param $n i32) (result i64)
    (if (i32.and (local.get $n) (i32.const 1)) (then (call $throw (local.get $n))))
    (i64.const 1))
  (func $deep (param $n i32) (param $depth i32) (result i64)
    (if (i32.eqz (local.get $depth)) (then (call $throw (local.get $n))))
    (i64.add (i64.const 1)
      (call $deep (local.get $n) (i32.sub (local.get $depth) (i32.const 1)))))

  ;; Adds up what 1 to $n throw, each from a call.
  (func (export "throw, 1 call deep") (param $n i32) (result i64)
    (local $sum i64)
    (loop $next
      (block $caught (result i64)
        (try_table (catch $odd $caught) (call $throw (local.get $n)))
        unreachable)
      (local.set $sum (i64.add (local.get $sum)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))

  ;; The same from 20 calls deep.
  (func (export "throw, 20 calls deep") (param $n i32) (result i64)
    (local $sum i64)
    (loop $next
      (block $caught (result i64)
        (try_table (result i64) (catch $odd $caught)
          (call $deep (local.get $n) (i32.const 20))))
      (local.set $sum (i64.add (local.get $sum)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))

  ;; Through a handler that catches and throws again, past one for another tag.
  (func $again (param $n i32)
    (block $caught (result exnref)
      (try_table (catch_all_ref $caught)
        (block $other
          (try_table (catch $other $other) (call $throw (local.get $n)))))
      unreachable)
    throw_ref)
  (func (export "throw again") (param $n i32) (result i64)
    (local $sum i64)
    (loop $next
      (block $caught (result i64)
        (try_table (catch $odd $caught) (call $again (local.get $n)))
        unreachable)
      (local.set $sum (i64.add (local.get $sum)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))

  ;; Every other call throws.
  (func (export "every other throws") (param $n i32) (result i64)
    (local $sum i64)
    (loop $next
      (block $caught (result i64)
        (try_table (result i64) (catch $odd $caught) (call $maybe (local.get $n))))
      (local.set $sum (i64.add (local.get $sum)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))

  ;; None throws: handlers that nobody needs.
  (func (export "none throws") (param $n i32) (result i64)
    (local $sum i64)
    (loop $next
      (block $caught (result i64)
        (try_table (result i64) (catch $odd $caught)
          (call $maybe (i32.shl (local.get $n) (i32.const 1)))))
      (local.set $sum (i64.add (local.get $sum)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))
