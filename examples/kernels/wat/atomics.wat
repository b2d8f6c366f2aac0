;; `src/atomics.rs` by hand: Rust has no atomics for Wasm without a standard library built for them.
(module
  (memory 1)

  ;; Where things lie: 64 counters of 8 bytes, the lock, what it protects, the maximum, 64 words, 256 bytes.
  (global $lock i32 (i32.const 512))
  (global $sum i32 (i32.const 520))
  (global $maximum i32 (i32.const 528))
  (global $words i32 (i32.const 1024))
  (global $bytes i32 (i32.const 2048))

  ;; Raises the maximum to a value by a compare-and-exchange loop.
  (func $raise (param $value i32) (local $old i32) (local $found i32)
    (local.set $old (i32.atomic.load (global.get $maximum)))
    (loop $again
      (if (i32.lt_u (local.get $old) (local.get $value))
        (then
          (local.set $found (i32.atomic.rmw.cmpxchg
            (global.get $maximum) (local.get $old) (local.get $value)))
          (if (i32.ne (local.get $found) (local.get $old))
            (then
              (local.set $old (local.get $found))
              (br $again)))))))

  ;; Adds to what the spin lock protects.
  (func $add (param $value i64)
    (loop $again
      (br_if $again (i32.atomic.rmw.cmpxchg (global.get $lock) (i32.const 0) (i32.const 1))))
    (i64.store (global.get $sum) (i64.add (i64.load (global.get $sum)) (local.get $value)))
    (i32.atomic.store (global.get $lock) (i32.const 0)))

  (func (export "atomics") (param $size i32) (result i64)
    (local $x i32) (local $slot i32) (local $sum i64)
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 4096))
    (local.set $x (i32.const 0x9e3779b9))
    (block $done
      (loop $round
        (br_if $done (i32.eqz (local.get $size)))
        (local.set $size (i32.sub (local.get $size) (i32.const 1)))
        (local.set $x (i32.xor (local.get $x) (i32.shl (local.get $x) (i32.const 13))))
        (local.set $x (i32.xor (local.get $x) (i32.shr_u (local.get $x) (i32.const 17))))
        (local.set $x (i32.xor (local.get $x) (i32.shl (local.get $x) (i32.const 5))))
        (local.set $slot (i32.and (local.get $x) (i32.const 63)))
        (drop (i64.atomic.rmw.add
          (i32.shl (local.get $slot) (i32.const 3))
          (i64.extend_i32_u (local.get $x))))
        (call $add (i64.extend_i32_u
          (i32.atomic.rmw.xchg
            (i32.add (global.get $words) (i32.shl (local.get $slot) (i32.const 2)))
            (local.get $x))))
        (call $raise (i32.sub (local.get $x) (local.get $size)))
        (drop (i32.atomic.rmw8.xor_u
          (i32.add (global.get $bytes) (i32.shr_u (local.get $x) (i32.const 24)))
          (local.get $x)))
        (br $round)))
    (local.set $slot (i32.const 0))
    (local.set $sum (i64.add
      (i64.atomic.load (global.get $sum))
      (i64.atomic.load32_u (global.get $maximum))))
    (loop $counter
      (local.set $sum (i64.add
        (i64.mul (local.get $sum) (i64.const 31))
        (i64.atomic.load (i32.shl (local.get $slot) (i32.const 3)))))
      (br_if $counter (i32.lt_u
        (local.tee $slot (i32.add (local.get $slot) (i32.const 1)))
        (i32.const 64))))
    (local.set $slot (i32.const 0))
    (loop $byte
      (local.set $sum (i64.add
        (i64.mul (local.get $sum) (i64.const 31))
        (i64.atomic.load8_u (i32.add (global.get $bytes) (local.get $slot)))))
      (br_if $byte (i32.lt_u
        (local.tee $slot (i32.add (local.get $slot) (i32.const 1)))
        (i32.const 256))))
    (local.get $sum)))
