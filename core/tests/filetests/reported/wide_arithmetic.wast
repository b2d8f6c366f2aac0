;; Wasmtime #12401, #5497, #5523. Kind: miscompile, 128-bit sums, differences and products, their halves, by constants, of one operand twice and chained.
(module
  (type $s (func (param i64 i64) (result i64)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\02\00\00\00\00\00\00\00\03\00\00\00\00\00\00\00\07\00\00\00\00\00\00\00\08\00\00\00\00\00\00\00\1f\00\00\00\00\00\00\00\20\00\00\00\00\00\00\00\3f\00\00\00\00\00\00\00\40\00\00\00\00\00\00\00\41\00\00\00\00\00\00\00\7f\00\00\00\00\00\00\00\80\00\00\00\00\00\00\00\ff\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\ff\7f\00\00\00\00\00\00\00\80\00\00\00\00\00\00\ff\ff\00\00\00\00\00\00\00\00\01\00\00\00\00\00\ff\ff\ff\7f\00\00\00\00\00\00\00\80\00\00\00\00\ff\ff\ff\ff\00\00\00\00\00\00\00\00\01\00\00\00\f0\de\bc\9a\78\56\34\12\55\55\55\55\55\55\55\55\fe\ff\ff\ff\ff\ff\ff\7f\ff\ff\ff\ff\ff\ff\ff\7f\00\00\00\00\00\00\00\80\01\00\00\00\00\00\00\80\be\ba\fe\ca\ef\be\ad\de\00\00\00\00\ff\ff\ff\ff\ff\ff\ff\7f\ff\ff\ff\ff\00\00\00\80\ff\ff\ff\ff\00\80\ff\ff\ff\ff\ff\ff\80\ff\ff\ff\ff\ff\ff\ff\fe\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (func $fold (param i64 i64) (result i64) (i64.xor (i64.mul (local.get 0) (i64.const 0x2545f4914f6cdd1d)) (i64.rotl (local.get 1) (i64.const 23))))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19))
  ;; The digest of what function $f gives for each value and, beside it, the first $n values; or itself, where $n is 1.
  (func (export "scalar") (param $f i32) (param $n i32) (result i64) (local $h i64) (local $i i32) (local $j i32) (local $a i64)
    (loop $o
      (local.set $a (i64.load (i32.shl (local.get $i) (i32.const 3))))
      (local.set $j (i32.const 0))
      (loop $p
        (local.set $h (call $mix (local.get $h) (call_indirect (type $s) (local.get $a) (if (result i64) (i32.eq (local.get $n) (i32.const 1)) (then (local.get $a)) (else (i64.load (i32.shl (local.get $j) (i32.const 3))))) (local.get $f))))
        (br_if $p (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $o (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 37))))
    (local.get $h))
  (func $f0 (type $s) (call $fold (i64.mul_wide_s (local.get 0) (local.get 1))))
  (func $f1 (type $s) (call $fold (i64.mul_wide_u (local.get 0) (local.get 1))))
  (func $f2 (type $s) (call $fold (i64.add128 (local.get 0) (local.get 1) (local.get 1) (local.get 0))))
  (func $f3 (type $s) (call $fold (i64.sub128 (local.get 0) (local.get 1) (local.get 1) (local.get 0))))
  (func $f4 (type $s) (call $fold (i64.mul_wide_s (local.get 0) (i64.const -7))))
  (func $f5 (type $s) (call $fold (i64.mul_wide_u (local.get 0) (i64.const -7))))
  (func $f6 (type $s) (call $fold (i64.mul_wide_s (local.get 0) (local.get 0))))
  (func $f7 (type $s) (call $fold (i64.mul_wide_u (local.get 0) (local.get 0))))
  (func $f8 (type $s) (call $fold (i64.add128 (local.get 0) (local.get 1) (i64.const 1) (i64.const 0))))
  (func $f9 (type $s) (call $fold (i64.add128 (local.get 0) (local.get 1) (i64.const -1) (i64.const -1))))
  (func $f10 (type $s) (call $fold (i64.sub128 (local.get 0) (local.get 1) (i64.const 1) (i64.const 0))))
  (func $f11 (type $s) (call $fold (i64.sub128 (i64.const 0) (i64.const 0) (local.get 0) (local.get 1))))
  (func $f12 (type $s) (call $fold (i64.add128 (local.get 0) (i64.const 0) (local.get 1) (i64.const 0))))
  (func $f13 (type $s) (call $fold (i64.sub128 (local.get 0) (i64.const 0) (local.get 1) (i64.const 0))))
  (func $f14 (type $s) (call $fold (i64.add128 (i64.mul_wide_u (local.get 0) (local.get 1)) (i64.mul_wide_s (local.get 1) (local.get 0)))))
  (func $f15 (type $s) (call $fold (i64.sub128 (i64.mul_wide_s (local.get 0) (local.get 1)) (i64.mul_wide_u (local.get 0) (local.get 1)))))
  (func $f16 (type $s) (call $fold (i64.mul_wide_u (local.get 0) (i64.const 0))))
  (func $f17 (type $s) (call $fold (i64.mul_wide_s (local.get 0) (i64.const 1))))
  (func $f18 (type $s) (call $fold (i64.mul_wide_s (local.get 0) (i64.const 0x8000000000000000))))
  (func $f19 (type $s) (call $fold (i64.mul_wide_u (local.get 0) (i64.const 0x8000000000000000)))))
(assert_return (invoke "scalar" (i32.const 0) (i32.const 37)) (i64.const 0xaf0032a634529d1a)) ;; mul_wide_s
(assert_return (invoke "scalar" (i32.const 1) (i32.const 37)) (i64.const 0x174c0f9693ef3725)) ;; mul_wide_u
(assert_return (invoke "scalar" (i32.const 2) (i32.const 37)) (i64.const 0xa9200f4e5a0d02dc)) ;; add128
(assert_return (invoke "scalar" (i32.const 3) (i32.const 37)) (i64.const 0x499511e42f15a177)) ;; sub128
(assert_return (invoke "scalar" (i32.const 4) (i32.const 37)) (i64.const 0x7e63d3c2283e2ca1)) ;; mul by -7
(assert_return (invoke "scalar" (i32.const 5) (i32.const 37)) (i64.const 0x8469acac17491528)) ;; mul by -7 u
(assert_return (invoke "scalar" (i32.const 6) (i32.const 37)) (i64.const 0x2e6f8e23f0736aff)) ;; square
(assert_return (invoke "scalar" (i32.const 7) (i32.const 37)) (i64.const 0xc20b8dfe8d21f622)) ;; square u
(assert_return (invoke "scalar" (i32.const 8) (i32.const 37)) (i64.const 0x29c7beffa3cd005d)) ;; add 1
(assert_return (invoke "scalar" (i32.const 9) (i32.const 37)) (i64.const 0xd96c3973a2ebb917)) ;; add -1
(assert_return (invoke "scalar" (i32.const 10) (i32.const 37)) (i64.const 0xd96c3973a2ebb917)) ;; sub 1
(assert_return (invoke "scalar" (i32.const 11) (i32.const 37)) (i64.const 0x2ef693e5ea53e2b)) ;; neg
(assert_return (invoke "scalar" (i32.const 12) (i32.const 37)) (i64.const 0xbdefa1da15a2df82)) ;; carry
(assert_return (invoke "scalar" (i32.const 13) (i32.const 37)) (i64.const 0x2ef2168bd95c410d)) ;; borrow
(assert_return (invoke "scalar" (i32.const 14) (i32.const 37)) (i64.const 0xbd077dd5bd7b9051)) ;; sum of products
(assert_return (invoke "scalar" (i32.const 15) (i32.const 37)) (i64.const 0xd905da23b7d5298c)) ;; difference of products
(assert_return (invoke "scalar" (i32.const 16) (i32.const 37)) (i64.const 0x0)) ;; by 0
(assert_return (invoke "scalar" (i32.const 17) (i32.const 37)) (i64.const 0x2acef1df9f42bcbd)) ;; by 1
(assert_return (invoke "scalar" (i32.const 18) (i32.const 37)) (i64.const 0x59b57f1a1b9a8194)) ;; by 2^63
(assert_return (invoke "scalar" (i32.const 19) (i32.const 37)) (i64.const 0x993f76f35a1cd8b7)) ;; by 2^63 u
