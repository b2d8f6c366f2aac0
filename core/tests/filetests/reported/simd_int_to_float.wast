;; Kind: miscompile, SIMD conversions from integers, of splats, of loads and of constants. Wasmtime #6562.
(module
  (type $v (func (param v128 v128) (result v128)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\00\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\0b\30\55\7a\9f\c4\e9\0e\33\58\7d\a2\c7\ec\11\36\80\80\80\80\80\80\80\80\80\80\80\80\80\80\80\80\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\00\80\00\80\00\80\00\80\00\80\00\80\00\80\00\80\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\00\00\00\80\ff\ff\ff\7f\ff\ff\ff\ff\01\00\00\00\00\00\00\00\00\00\00\80\ff\ff\ff\ff\ff\ff\ff\7f\ff\ff\ff\ff\00\00\00\00\00\00\00\00\01\00\00\00\ff\ee\dd\cc\bb\aa\99\88\77\66\55\44\33\22\11\00\ff\ff\01\00\00\80\ff\7f\ff\00\00\ff\80\00\7f\ff\00\10\1f\0f\80\ff\f0\07\08\09\01\02\03\64\c8\11\fe\ff\ff\ff\ff\ff\00\00\00\00\ff\ff\00\80\00\00\be\ba\fe\ca\ef\be\ad\de\ef\cd\ab\89\67\45\23\01")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24))
  ;; The digest of what function $f gives for each value and, beside it, the first $n values; or itself, where $n is 1.
  (func (export "vector") (param $f i32) (param $n i32) (result i64) (local $h i64) (local $i i32) (local $j i32) (local $a v128) (local $v v128)
    (loop $o
      (local.set $a (v128.load (i32.shl (local.get $i) (i32.const 4))))
      (local.set $j (i32.const 0))
      (loop $p
        (local.set $v (call_indirect (type $v) (local.get $a) (if (result v128) (i32.eq (local.get $n) (i32.const 1)) (then (local.get $a)) (else (v128.load (i32.shl (local.get $j) (i32.const 4))))) (local.get $f)))
        (local.set $h (call $mix (call $mix (local.get $h) (i64x2.extract_lane 0 (local.get $v))) (i64x2.extract_lane 1 (local.get $v))))
        (br_if $p (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $o (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 16))))
    (local.get $h))
  (func $f0 (type $v) (f32x4.convert_i32x4_s (local.get 0)))
  (func $f1 (type $v) (f32x4.convert_i32x4_u (local.get 0)))
  (func $f2 (type $v) (f64x2.convert_low_i32x4_s (local.get 0)))
  (func $f3 (type $v) (f64x2.convert_low_i32x4_u (local.get 0)))
  (func $f4 (type $v) (f64x2.convert_low_i32x4_s (i32x4.splat (i32x4.extract_lane 0 (local.get 0)))))
  (func $f5 (type $v) (f32x4.convert_i32x4_s (i32x4.splat (i32x4.extract_lane 0 (local.get 0)))))
  (func $f6 (type $v) (f64x2.convert_low_i32x4_u (i32x4.splat (i32x4.extract_lane 0 (local.get 0)))))
  (func $f7 (type $v) (f32x4.convert_i32x4_u (i32x4.splat (i32x4.extract_lane 0 (local.get 0)))))
  (func $f8 (type $v) (f64x2.convert_low_i32x4_s (i32x4.splat (i32.const -1))))
  (func $f9 (type $v) (f32x4.convert_i32x4_s (i32x4.splat (i32.const -1))))
  (func $f10 (type $v) (f64x2.convert_low_i32x4_u (i32x4.splat (i32.const -1))))
  (func $f11 (type $v) (f32x4.convert_i32x4_u (i32x4.splat (i32.const -1))))
  (func $f12 (type $v) (f64x2.convert_low_i32x4_s (v128.load32_splat (i32.and (i32x4.extract_lane 1 (local.get 0)) (i32.const 127)))))
  (func $f13 (type $v) (f32x4.convert_i32x4_s (v128.load32_splat (i32.and (i32x4.extract_lane 1 (local.get 0)) (i32.const 127)))))
  (func $f14 (type $v) (f64x2.convert_low_i32x4_u (v128.load32_splat (i32.and (i32x4.extract_lane 1 (local.get 0)) (i32.const 127)))))
  (func $f15 (type $v) (f32x4.convert_i32x4_u (v128.load32_splat (i32.and (i32x4.extract_lane 1 (local.get 0)) (i32.const 127)))))
  (func $f16 (type $v) (f64x2.convert_low_i32x4_s (v128.load64_zero (i32.and (i32x4.extract_lane 0 (local.get 0)) (i32.const 127)))))
  (func $f17 (type $v) (f32x4.convert_i32x4_s (v128.load64_zero (i32.and (i32x4.extract_lane 0 (local.get 0)) (i32.const 127)))))
  (func $f18 (type $v) (f64x2.convert_low_i32x4_u (v128.load64_zero (i32.and (i32x4.extract_lane 0 (local.get 0)) (i32.const 127)))))
  (func $f19 (type $v) (f32x4.convert_i32x4_u (v128.load64_zero (i32.and (i32x4.extract_lane 0 (local.get 0)) (i32.const 127)))))
  (func $f20 (type $v) (f64x2.convert_low_i32x4_s (i32x4.replace_lane 1 (local.get 0) (i32.const 0x80000000))))
  (func $f21 (type $v) (f32x4.convert_i32x4_s (i32x4.replace_lane 1 (local.get 0) (i32.const 0x80000000))))
  (func $f22 (type $v) (f64x2.convert_low_i32x4_u (i32x4.replace_lane 1 (local.get 0) (i32.const 0x80000000))))
  (func $f23 (type $v) (f32x4.convert_i32x4_u (i32x4.replace_lane 1 (local.get 0) (i32.const 0x80000000))))
  (func $f24 (type $v) (f64x2.convert_low_i32x4_s (i32x4.extend_low_i16x8_u (local.get 0)))))
(assert_return (invoke "vector" (i32.const 0) (i32.const 1)) (i64.const 0x39419ded99fea1d7)) ;; f32x4.convert_i32x4_s
(assert_return (invoke "vector" (i32.const 1) (i32.const 1)) (i64.const 0xb656c12f20e4c1db)) ;; f32x4.convert_i32x4_u
(assert_return (invoke "vector" (i32.const 2) (i32.const 1)) (i64.const 0x2a38c8c69ccce21f)) ;; f64x2.convert_low_i32x4_s
(assert_return (invoke "vector" (i32.const 3) (i32.const 1)) (i64.const 0x178c8966fe34f1fd)) ;; f64x2.convert_low_i32x4_u
(assert_return (invoke "vector" (i32.const 4) (i32.const 1)) (i64.const 0x4fae4eceff7fffb9)) ;; f64x2 s 0
(assert_return (invoke "vector" (i32.const 5) (i32.const 1)) (i64.const 0x51308fa8b5219d5b)) ;; f32x4 s 0
(assert_return (invoke "vector" (i32.const 6) (i32.const 1)) (i64.const 0x7374f417a87b2d1d)) ;; f64x2 u 0
(assert_return (invoke "vector" (i32.const 7) (i32.const 1)) (i64.const 0xcfda22e9b49c1450)) ;; f32x4 u 0
(assert_return (invoke "vector" (i32.const 8) (i32.const 1)) (i64.const 0x41541109a1eec744)) ;; f64x2 s 1
(assert_return (invoke "vector" (i32.const 9) (i32.const 1)) (i64.const 0x426788f745e145bd)) ;; f32x4 s 1
(assert_return (invoke "vector" (i32.const 10) (i32.const 1)) (i64.const 0x2b0539a144843b8e)) ;; f64x2 u 1
(assert_return (invoke "vector" (i32.const 11) (i32.const 1)) (i64.const 0xb900d01d37272372)) ;; f32x4 u 1
(assert_return (invoke "vector" (i32.const 12) (i32.const 1)) (i64.const 0x269ec8214adf177)) ;; f64x2 s 2
(assert_return (invoke "vector" (i32.const 13) (i32.const 1)) (i64.const 0xda052e78916944aa)) ;; f32x4 s 2
(assert_return (invoke "vector" (i32.const 14) (i32.const 1)) (i64.const 0xfe9a4ac0d59a7fce)) ;; f64x2 u 2
(assert_return (invoke "vector" (i32.const 15) (i32.const 1)) (i64.const 0x4d6275f8e7b5fcca)) ;; f32x4 u 2
(assert_return (invoke "vector" (i32.const 16) (i32.const 1)) (i64.const 0x5bca19d738b707f5)) ;; f64x2 s 3
(assert_return (invoke "vector" (i32.const 17) (i32.const 1)) (i64.const 0xea91884ebd4c938d)) ;; f32x4 s 3
(assert_return (invoke "vector" (i32.const 18) (i32.const 1)) (i64.const 0x70d19812d2977d5d)) ;; f64x2 u 3
(assert_return (invoke "vector" (i32.const 19) (i32.const 1)) (i64.const 0x27c354351bf396a)) ;; f32x4 u 3
(assert_return (invoke "vector" (i32.const 20) (i32.const 1)) (i64.const 0xb8d6630ac36ba990)) ;; f64x2 s 4
(assert_return (invoke "vector" (i32.const 21) (i32.const 1)) (i64.const 0x3f21dfc57caeac0d)) ;; f32x4 s 4
(assert_return (invoke "vector" (i32.const 22) (i32.const 1)) (i64.const 0xef842ff87bf5aed1)) ;; f64x2 u 4
(assert_return (invoke "vector" (i32.const 23) (i32.const 1)) (i64.const 0x669a7643258d8b9)) ;; f32x4 u 4
(assert_return (invoke "vector" (i32.const 24) (i32.const 1)) (i64.const 0x9fd3729b5fcdae45)) ;; extended
