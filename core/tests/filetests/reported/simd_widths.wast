;; Kind: miscompile, SIMD narrowing, widening, pairwise sums, widening products and what looks like them. Wasmtime #10331, #14006, #14054.
(module
  (type $v (func (param v128 v128) (result v128)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\00\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\0b\30\55\7a\9f\c4\e9\0e\33\58\7d\a2\c7\ec\11\36\80\80\80\80\80\80\80\80\80\80\80\80\80\80\80\80\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\00\80\00\80\00\80\00\80\00\80\00\80\00\80\00\80\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\00\00\00\80\ff\ff\ff\7f\ff\ff\ff\ff\01\00\00\00\00\00\00\00\00\00\00\80\ff\ff\ff\ff\ff\ff\ff\7f\ff\ff\ff\ff\00\00\00\00\00\00\00\00\01\00\00\00\ff\ee\dd\cc\bb\aa\99\88\77\66\55\44\33\22\11\00\ff\ff\01\00\00\80\ff\7f\ff\00\00\ff\80\00\7f\ff\00\10\1f\0f\80\ff\f0\07\08\09\01\02\03\64\c8\11\fe\ff\ff\ff\ff\ff\00\00\00\00\ff\ff\00\80\00\00\be\ba\fe\ca\ef\be\ad\de\ef\cd\ab\89\67\45\23\01")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24 $f25 $f26 $f27 $f28 $f29 $f30 $f31 $f32 $f33 $f34 $f35 $f36 $f37 $f38 $f39 $f40 $f41 $f42 $f43 $f44 $f45 $f46 $f47 $f48 $f49 $f50 $f51 $f52 $f53 $f54 $f55 $f56 $f57 $f58 $f59 $f60 $f61 $f62))
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
  (func $f0 (type $v) (i8x16.narrow_i16x8_s (local.get 0) (local.get 1)))
  (func $f1 (type $v) (i8x16.narrow_i16x8_s (local.get 0) (local.get 0)))
  (func $f2 (type $v) (i8x16.narrow_i16x8_u (local.get 0) (local.get 1)))
  (func $f3 (type $v) (i8x16.narrow_i16x8_u (local.get 0) (local.get 0)))
  (func $f4 (type $v) (i16x8.narrow_i32x4_s (local.get 0) (local.get 1)))
  (func $f5 (type $v) (i16x8.narrow_i32x4_s (local.get 0) (local.get 0)))
  (func $f6 (type $v) (i16x8.narrow_i32x4_u (local.get 0) (local.get 1)))
  (func $f7 (type $v) (i16x8.narrow_i32x4_u (local.get 0) (local.get 0)))
  (func $f8 (type $v) (i16x8.extend_low_i8x16_s (local.get 0)))
  (func $f9 (type $v) (i16x8.extmul_low_i8x16_s (local.get 0) (local.get 1)))
  (func $f10 (type $v) (i16x8.mul (i16x8.extend_low_i8x16_s (local.get 0)) (i16x8.extend_high_i8x16_s (local.get 1))))
  (func $f11 (type $v) (i16x8.mul (i16x8.extend_low_i8x16_s (local.get 0)) (i16x8.extend_low_i8x16_u (local.get 1))))
  (func $f12 (type $v) (i16x8.extend_low_i8x16_u (local.get 0)))
  (func $f13 (type $v) (i16x8.extmul_low_i8x16_u (local.get 0) (local.get 1)))
  (func $f14 (type $v) (i16x8.mul (i16x8.extend_low_i8x16_u (local.get 0)) (i16x8.extend_high_i8x16_u (local.get 1))))
  (func $f15 (type $v) (i16x8.mul (i16x8.extend_low_i8x16_s (local.get 0)) (i16x8.extend_low_i8x16_u (local.get 1))))
  (func $f16 (type $v) (i16x8.extend_high_i8x16_s (local.get 0)))
  (func $f17 (type $v) (i16x8.extmul_high_i8x16_s (local.get 0) (local.get 1)))
  (func $f18 (type $v) (i16x8.mul (i16x8.extend_high_i8x16_s (local.get 0)) (i16x8.extend_low_i8x16_s (local.get 1))))
  (func $f19 (type $v) (i16x8.mul (i16x8.extend_high_i8x16_s (local.get 0)) (i16x8.extend_high_i8x16_u (local.get 1))))
  (func $f20 (type $v) (i16x8.extend_high_i8x16_u (local.get 0)))
  (func $f21 (type $v) (i16x8.extmul_high_i8x16_u (local.get 0) (local.get 1)))
  (func $f22 (type $v) (i16x8.mul (i16x8.extend_high_i8x16_u (local.get 0)) (i16x8.extend_low_i8x16_u (local.get 1))))
  (func $f23 (type $v) (i16x8.mul (i16x8.extend_high_i8x16_s (local.get 0)) (i16x8.extend_high_i8x16_u (local.get 1))))
  (func $f24 (type $v) (i16x8.extadd_pairwise_i8x16_s (local.get 0)))
  (func $f25 (type $v) (i16x8.extadd_pairwise_i8x16_u (local.get 0)))
  (func $f26 (type $v) (i32x4.extend_low_i16x8_s (local.get 0)))
  (func $f27 (type $v) (i32x4.extmul_low_i16x8_s (local.get 0) (local.get 1)))
  (func $f28 (type $v) (i32x4.mul (i32x4.extend_low_i16x8_s (local.get 0)) (i32x4.extend_high_i16x8_s (local.get 1))))
  (func $f29 (type $v) (i32x4.mul (i32x4.extend_low_i16x8_s (local.get 0)) (i32x4.extend_low_i16x8_u (local.get 1))))
  (func $f30 (type $v) (i32x4.extend_low_i16x8_u (local.get 0)))
  (func $f31 (type $v) (i32x4.extmul_low_i16x8_u (local.get 0) (local.get 1)))
  (func $f32 (type $v) (i32x4.mul (i32x4.extend_low_i16x8_u (local.get 0)) (i32x4.extend_high_i16x8_u (local.get 1))))
  (func $f33 (type $v) (i32x4.mul (i32x4.extend_low_i16x8_s (local.get 0)) (i32x4.extend_low_i16x8_u (local.get 1))))
  (func $f34 (type $v) (i32x4.extend_high_i16x8_s (local.get 0)))
  (func $f35 (type $v) (i32x4.extmul_high_i16x8_s (local.get 0) (local.get 1)))
  (func $f36 (type $v) (i32x4.mul (i32x4.extend_high_i16x8_s (local.get 0)) (i32x4.extend_low_i16x8_s (local.get 1))))
  (func $f37 (type $v) (i32x4.mul (i32x4.extend_high_i16x8_s (local.get 0)) (i32x4.extend_high_i16x8_u (local.get 1))))
  (func $f38 (type $v) (i32x4.extend_high_i16x8_u (local.get 0)))
  (func $f39 (type $v) (i32x4.extmul_high_i16x8_u (local.get 0) (local.get 1)))
  (func $f40 (type $v) (i32x4.mul (i32x4.extend_high_i16x8_u (local.get 0)) (i32x4.extend_low_i16x8_u (local.get 1))))
  (func $f41 (type $v) (i32x4.mul (i32x4.extend_high_i16x8_s (local.get 0)) (i32x4.extend_high_i16x8_u (local.get 1))))
  (func $f42 (type $v) (i32x4.extadd_pairwise_i16x8_s (local.get 0)))
  (func $f43 (type $v) (i32x4.extadd_pairwise_i16x8_u (local.get 0)))
  (func $f44 (type $v) (i64x2.extend_low_i32x4_s (local.get 0)))
  (func $f45 (type $v) (i64x2.extmul_low_i32x4_s (local.get 0) (local.get 1)))
  (func $f46 (type $v) (i64x2.mul (i64x2.extend_low_i32x4_s (local.get 0)) (i64x2.extend_high_i32x4_s (local.get 1))))
  (func $f47 (type $v) (i64x2.mul (i64x2.extend_low_i32x4_s (local.get 0)) (i64x2.extend_low_i32x4_u (local.get 1))))
  (func $f48 (type $v) (i64x2.extend_low_i32x4_u (local.get 0)))
  (func $f49 (type $v) (i64x2.extmul_low_i32x4_u (local.get 0) (local.get 1)))
  (func $f50 (type $v) (i64x2.mul (i64x2.extend_low_i32x4_u (local.get 0)) (i64x2.extend_high_i32x4_u (local.get 1))))
  (func $f51 (type $v) (i64x2.mul (i64x2.extend_low_i32x4_s (local.get 0)) (i64x2.extend_low_i32x4_u (local.get 1))))
  (func $f52 (type $v) (i64x2.extend_high_i32x4_s (local.get 0)))
  (func $f53 (type $v) (i64x2.extmul_high_i32x4_s (local.get 0) (local.get 1)))
  (func $f54 (type $v) (i64x2.mul (i64x2.extend_high_i32x4_s (local.get 0)) (i64x2.extend_low_i32x4_s (local.get 1))))
  (func $f55 (type $v) (i64x2.mul (i64x2.extend_high_i32x4_s (local.get 0)) (i64x2.extend_high_i32x4_u (local.get 1))))
  (func $f56 (type $v) (i64x2.extend_high_i32x4_u (local.get 0)))
  (func $f57 (type $v) (i64x2.extmul_high_i32x4_u (local.get 0) (local.get 1)))
  (func $f58 (type $v) (i64x2.mul (i64x2.extend_high_i32x4_u (local.get 0)) (i64x2.extend_low_i32x4_u (local.get 1))))
  (func $f59 (type $v) (i64x2.mul (i64x2.extend_high_i32x4_s (local.get 0)) (i64x2.extend_high_i32x4_u (local.get 1))))
  (func $f60 (type $v) (i32x4.dot_i16x8_s (local.get 0) (local.get 1)))
  (func $f61 (type $v) (i32x4.add (i32x4.dot_i16x8_s (local.get 0) (local.get 1)) (local.get 0)))
  (func $f62 (type $v) (i8x16.narrow_i16x8_u (i16x8.extend_low_i8x16_u (local.get 0)) (i16x8.extend_high_i8x16_u (local.get 0)))))
(assert_return (invoke "vector" (i32.const 0) (i32.const 16)) (i64.const 0x859596bdd1c229c3)) ;; i8x16.narrow_s
(assert_return (invoke "vector" (i32.const 1) (i32.const 1)) (i64.const 0x454a89e9c4240f3)) ;; i8x16.narrow_s same
(assert_return (invoke "vector" (i32.const 2) (i32.const 16)) (i64.const 0x6746ba225dfe6a5e)) ;; i8x16.narrow_u
(assert_return (invoke "vector" (i32.const 3) (i32.const 1)) (i64.const 0xd3b4980215470b2b)) ;; i8x16.narrow_u same
(assert_return (invoke "vector" (i32.const 4) (i32.const 16)) (i64.const 0xe8e1a2af9a2f94a9)) ;; i16x8.narrow_s
(assert_return (invoke "vector" (i32.const 5) (i32.const 1)) (i64.const 0xf2f4c5856271bf17)) ;; i16x8.narrow_s same
(assert_return (invoke "vector" (i32.const 6) (i32.const 16)) (i64.const 0x7a76c5a088ec04af)) ;; i16x8.narrow_u
(assert_return (invoke "vector" (i32.const 7) (i32.const 1)) (i64.const 0x5205c667ab7e5d9c)) ;; i16x8.narrow_u same
(assert_return (invoke "vector" (i32.const 8) (i32.const 1)) (i64.const 0xa1ce25922cb82347)) ;; i16x8.extend_low_s
(assert_return (invoke "vector" (i32.const 9) (i32.const 16)) (i64.const 0xb52f02e2346699c2)) ;; i16x8.extmul_low_s
(assert_return (invoke "vector" (i32.const 10) (i32.const 16)) (i64.const 0x50cf41e11a5b22dc)) ;; i16x8 almost extmul low s
(assert_return (invoke "vector" (i32.const 11) (i32.const 16)) (i64.const 0x6e620a52f2aa33f0)) ;; i16x8 mixed extmul low s
(assert_return (invoke "vector" (i32.const 12) (i32.const 1)) (i64.const 0x92402696ecc1dd26)) ;; i16x8.extend_low_u
(assert_return (invoke "vector" (i32.const 13) (i32.const 16)) (i64.const 0x821408018cddfbf1)) ;; i16x8.extmul_low_u
(assert_return (invoke "vector" (i32.const 14) (i32.const 16)) (i64.const 0x7ceb2dc812afccd7)) ;; i16x8 almost extmul low u
(assert_return (invoke "vector" (i32.const 15) (i32.const 16)) (i64.const 0x6e620a52f2aa33f0)) ;; i16x8 mixed extmul low u
(assert_return (invoke "vector" (i32.const 16) (i32.const 1)) (i64.const 0xa6c2aa01a2e15242)) ;; i16x8.extend_high_s
(assert_return (invoke "vector" (i32.const 17) (i32.const 16)) (i64.const 0x39f4feab59642451)) ;; i16x8.extmul_high_s
(assert_return (invoke "vector" (i32.const 18) (i32.const 16)) (i64.const 0x84c4771d0d3299c1)) ;; i16x8 almost extmul high s
(assert_return (invoke "vector" (i32.const 19) (i32.const 16)) (i64.const 0xe93fa40d3b6179c3)) ;; i16x8 mixed extmul high s
(assert_return (invoke "vector" (i32.const 20) (i32.const 1)) (i64.const 0xd2e5bd1585949b51)) ;; i16x8.extend_high_u
(assert_return (invoke "vector" (i32.const 21) (i32.const 16)) (i64.const 0x91ce407ea00de535)) ;; i16x8.extmul_high_u
(assert_return (invoke "vector" (i32.const 22) (i32.const 16)) (i64.const 0xa7179f67fa716fbd)) ;; i16x8 almost extmul high u
(assert_return (invoke "vector" (i32.const 23) (i32.const 16)) (i64.const 0xe93fa40d3b6179c3)) ;; i16x8 mixed extmul high u
(assert_return (invoke "vector" (i32.const 24) (i32.const 1)) (i64.const 0x1446b5bae19ac8e5)) ;; i16x8.extadd_s
(assert_return (invoke "vector" (i32.const 25) (i32.const 1)) (i64.const 0x96074ab61bdb9eaa)) ;; i16x8.extadd_u
(assert_return (invoke "vector" (i32.const 26) (i32.const 1)) (i64.const 0x4846ec8a915cea63)) ;; i32x4.extend_low_s
(assert_return (invoke "vector" (i32.const 27) (i32.const 16)) (i64.const 0x1198f273457735a3)) ;; i32x4.extmul_low_s
(assert_return (invoke "vector" (i32.const 28) (i32.const 16)) (i64.const 0x294b5f662011a894)) ;; i32x4 almost extmul low s
(assert_return (invoke "vector" (i32.const 29) (i32.const 16)) (i64.const 0x4a255b6612760c13)) ;; i32x4 mixed extmul low s
(assert_return (invoke "vector" (i32.const 30) (i32.const 1)) (i64.const 0x71ab21e959555823)) ;; i32x4.extend_low_u
(assert_return (invoke "vector" (i32.const 31) (i32.const 16)) (i64.const 0x5709f5af191a17df)) ;; i32x4.extmul_low_u
(assert_return (invoke "vector" (i32.const 32) (i32.const 16)) (i64.const 0x824161da9163dc9a)) ;; i32x4 almost extmul low u
(assert_return (invoke "vector" (i32.const 33) (i32.const 16)) (i64.const 0x4a255b6612760c13)) ;; i32x4 mixed extmul low u
(assert_return (invoke "vector" (i32.const 34) (i32.const 1)) (i64.const 0x9ee44e6300bb0b11)) ;; i32x4.extend_high_s
(assert_return (invoke "vector" (i32.const 35) (i32.const 16)) (i64.const 0x611897da47038686)) ;; i32x4.extmul_high_s
(assert_return (invoke "vector" (i32.const 36) (i32.const 16)) (i64.const 0x208d705ba60474f0)) ;; i32x4 almost extmul high s
(assert_return (invoke "vector" (i32.const 37) (i32.const 16)) (i64.const 0xc6d3f4c180c4d0c1)) ;; i32x4 mixed extmul high s
(assert_return (invoke "vector" (i32.const 38) (i32.const 1)) (i64.const 0x3942d9d7a4ebedf4)) ;; i32x4.extend_high_u
(assert_return (invoke "vector" (i32.const 39) (i32.const 16)) (i64.const 0xbb813d78d2c89ed0)) ;; i32x4.extmul_high_u
(assert_return (invoke "vector" (i32.const 40) (i32.const 16)) (i64.const 0xf1280adfba56204d)) ;; i32x4 almost extmul high u
(assert_return (invoke "vector" (i32.const 41) (i32.const 16)) (i64.const 0xc6d3f4c180c4d0c1)) ;; i32x4 mixed extmul high u
(assert_return (invoke "vector" (i32.const 42) (i32.const 1)) (i64.const 0xae1d1bd7cc5e522c)) ;; i32x4.extadd_s
(assert_return (invoke "vector" (i32.const 43) (i32.const 1)) (i64.const 0x299ae1df97d897f7)) ;; i32x4.extadd_u
(assert_return (invoke "vector" (i32.const 44) (i32.const 1)) (i64.const 0x2f0c3714da0373ba)) ;; i64x2.extend_low_s
(assert_return (invoke "vector" (i32.const 45) (i32.const 16)) (i64.const 0x15b7d604bd5b5a95)) ;; i64x2.extmul_low_s
(assert_return (invoke "vector" (i32.const 46) (i32.const 16)) (i64.const 0xacb1c9c06fb92e47)) ;; i64x2 almost extmul low s
(assert_return (invoke "vector" (i32.const 47) (i32.const 16)) (i64.const 0xaea92263aac2bef)) ;; i64x2 mixed extmul low s
(assert_return (invoke "vector" (i32.const 48) (i32.const 1)) (i64.const 0xfec2cc9a9822ae70)) ;; i64x2.extend_low_u
(assert_return (invoke "vector" (i32.const 49) (i32.const 16)) (i64.const 0xfeb04c84b84a00a6)) ;; i64x2.extmul_low_u
(assert_return (invoke "vector" (i32.const 50) (i32.const 16)) (i64.const 0xec3f7cd0c788f21a)) ;; i64x2 almost extmul low u
(assert_return (invoke "vector" (i32.const 51) (i32.const 16)) (i64.const 0xaea92263aac2bef)) ;; i64x2 mixed extmul low u
(assert_return (invoke "vector" (i32.const 52) (i32.const 1)) (i64.const 0xea1943ad71991279)) ;; i64x2.extend_high_s
(assert_return (invoke "vector" (i32.const 53) (i32.const 16)) (i64.const 0x8af731193f0ec680)) ;; i64x2.extmul_high_s
(assert_return (invoke "vector" (i32.const 54) (i32.const 16)) (i64.const 0xcc8c947ec2cac132)) ;; i64x2 almost extmul high s
(assert_return (invoke "vector" (i32.const 55) (i32.const 16)) (i64.const 0xb34fab710b900e4a)) ;; i64x2 mixed extmul high s
(assert_return (invoke "vector" (i32.const 56) (i32.const 1)) (i64.const 0x6c9156ab68309bca)) ;; i64x2.extend_high_u
(assert_return (invoke "vector" (i32.const 57) (i32.const 16)) (i64.const 0xfa9e1aa145a331b6)) ;; i64x2.extmul_high_u
(assert_return (invoke "vector" (i32.const 58) (i32.const 16)) (i64.const 0x52723a1489a58c19)) ;; i64x2 almost extmul high u
(assert_return (invoke "vector" (i32.const 59) (i32.const 16)) (i64.const 0xb34fab710b900e4a)) ;; i64x2 mixed extmul high u
(assert_return (invoke "vector" (i32.const 60) (i32.const 16)) (i64.const 0x92d669d2714695d4)) ;; dot
(assert_return (invoke "vector" (i32.const 61) (i32.const 16)) (i64.const 0xce3b2920d29ba7a9)) ;; dot sum
(assert_return (invoke "vector" (i32.const 62) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; narrow of extend
