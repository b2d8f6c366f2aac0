;; Kind: miscompile, SIMD comparisons: masks, their negations, of one operand with itself and with zero. Wasmtime #6725, #10929.
(module
  (type $v (func (param v128 v128) (result v128)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\00\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\0b\30\55\7a\9f\c4\e9\0e\33\58\7d\a2\c7\ec\11\36\80\80\80\80\80\80\80\80\80\80\80\80\80\80\80\80\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\00\80\00\80\00\80\00\80\00\80\00\80\00\80\00\80\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\00\00\00\80\ff\ff\ff\7f\ff\ff\ff\ff\01\00\00\00\00\00\00\00\00\00\00\80\ff\ff\ff\ff\ff\ff\ff\7f\ff\ff\ff\ff\00\00\00\00\00\00\00\00\01\00\00\00\ff\ee\dd\cc\bb\aa\99\88\77\66\55\44\33\22\11\00\ff\ff\01\00\00\80\ff\7f\ff\00\00\ff\80\00\7f\ff\00\10\1f\0f\80\ff\f0\07\08\09\01\02\03\64\c8\11\fe\ff\ff\ff\ff\ff\00\00\00\00\ff\ff\00\80\00\00\be\ba\fe\ca\ef\be\ad\de\ef\cd\ab\89\67\45\23\01")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24 $f25 $f26 $f27 $f28 $f29 $f30 $f31 $f32 $f33 $f34 $f35 $f36 $f37 $f38 $f39 $f40 $f41 $f42 $f43 $f44 $f45 $f46 $f47 $f48 $f49 $f50 $f51 $f52 $f53 $f54 $f55 $f56 $f57 $f58 $f59 $f60 $f61 $f62 $f63 $f64 $f65 $f66 $f67 $f68 $f69 $f70 $f71 $f72 $f73 $f74 $f75 $f76 $f77 $f78 $f79 $f80 $f81 $f82 $f83 $f84 $f85 $f86 $f87 $f88 $f89 $f90 $f91 $f92 $f93 $f94 $f95 $f96 $f97 $f98 $f99 $f100 $f101 $f102 $f103 $f104 $f105 $f106 $f107 $f108 $f109 $f110 $f111 $f112 $f113 $f114 $f115 $f116 $f117 $f118 $f119 $f120 $f121 $f122 $f123 $f124 $f125 $f126 $f127 $f128 $f129 $f130 $f131 $f132 $f133 $f134 $f135 $f136 $f137 $f138 $f139 $f140 $f141 $f142 $f143 $f144 $f145 $f146 $f147))
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
  (func $f0 (type $v) (i8x16.eq (local.get 0) (local.get 1)))
  (func $f1 (type $v) (v128.not (i8x16.eq (local.get 0) (local.get 1))))
  (func $f2 (type $v) (i8x16.eq (local.get 0) (local.get 0)))
  (func $f3 (type $v) (i8x16.eq (local.get 0) (v128.const i64x2 0 0)))
  (func $f4 (type $v) (i8x16.ne (local.get 0) (local.get 1)))
  (func $f5 (type $v) (v128.not (i8x16.ne (local.get 0) (local.get 1))))
  (func $f6 (type $v) (i8x16.ne (local.get 0) (local.get 0)))
  (func $f7 (type $v) (i8x16.ne (local.get 0) (v128.const i64x2 0 0)))
  (func $f8 (type $v) (i8x16.lt_s (local.get 0) (local.get 1)))
  (func $f9 (type $v) (v128.not (i8x16.lt_s (local.get 0) (local.get 1))))
  (func $f10 (type $v) (i8x16.lt_s (local.get 0) (local.get 0)))
  (func $f11 (type $v) (i8x16.lt_s (local.get 0) (v128.const i64x2 0 0)))
  (func $f12 (type $v) (i8x16.gt_s (local.get 0) (local.get 1)))
  (func $f13 (type $v) (v128.not (i8x16.gt_s (local.get 0) (local.get 1))))
  (func $f14 (type $v) (i8x16.gt_s (local.get 0) (local.get 0)))
  (func $f15 (type $v) (i8x16.gt_s (local.get 0) (v128.const i64x2 0 0)))
  (func $f16 (type $v) (i8x16.le_s (local.get 0) (local.get 1)))
  (func $f17 (type $v) (v128.not (i8x16.le_s (local.get 0) (local.get 1))))
  (func $f18 (type $v) (i8x16.le_s (local.get 0) (local.get 0)))
  (func $f19 (type $v) (i8x16.le_s (local.get 0) (v128.const i64x2 0 0)))
  (func $f20 (type $v) (i8x16.ge_s (local.get 0) (local.get 1)))
  (func $f21 (type $v) (v128.not (i8x16.ge_s (local.get 0) (local.get 1))))
  (func $f22 (type $v) (i8x16.ge_s (local.get 0) (local.get 0)))
  (func $f23 (type $v) (i8x16.ge_s (local.get 0) (v128.const i64x2 0 0)))
  (func $f24 (type $v) (i8x16.lt_u (local.get 0) (local.get 1)))
  (func $f25 (type $v) (v128.not (i8x16.lt_u (local.get 0) (local.get 1))))
  (func $f26 (type $v) (i8x16.lt_u (local.get 0) (local.get 0)))
  (func $f27 (type $v) (i8x16.lt_u (local.get 0) (v128.const i64x2 0 0)))
  (func $f28 (type $v) (i8x16.gt_u (local.get 0) (local.get 1)))
  (func $f29 (type $v) (v128.not (i8x16.gt_u (local.get 0) (local.get 1))))
  (func $f30 (type $v) (i8x16.gt_u (local.get 0) (local.get 0)))
  (func $f31 (type $v) (i8x16.gt_u (local.get 0) (v128.const i64x2 0 0)))
  (func $f32 (type $v) (i8x16.le_u (local.get 0) (local.get 1)))
  (func $f33 (type $v) (v128.not (i8x16.le_u (local.get 0) (local.get 1))))
  (func $f34 (type $v) (i8x16.le_u (local.get 0) (local.get 0)))
  (func $f35 (type $v) (i8x16.le_u (local.get 0) (v128.const i64x2 0 0)))
  (func $f36 (type $v) (i8x16.ge_u (local.get 0) (local.get 1)))
  (func $f37 (type $v) (v128.not (i8x16.ge_u (local.get 0) (local.get 1))))
  (func $f38 (type $v) (i8x16.ge_u (local.get 0) (local.get 0)))
  (func $f39 (type $v) (i8x16.ge_u (local.get 0) (v128.const i64x2 0 0)))
  (func $f40 (type $v) (v128.or (i8x16.eq (local.get 0) (local.get 0)) (i8x16.ne (local.get 0) (local.get 0))))
  (func $f41 (type $v) (i16x8.eq (local.get 0) (local.get 1)))
  (func $f42 (type $v) (v128.not (i16x8.eq (local.get 0) (local.get 1))))
  (func $f43 (type $v) (i16x8.eq (local.get 0) (local.get 0)))
  (func $f44 (type $v) (i16x8.eq (local.get 0) (v128.const i64x2 0 0)))
  (func $f45 (type $v) (i16x8.ne (local.get 0) (local.get 1)))
  (func $f46 (type $v) (v128.not (i16x8.ne (local.get 0) (local.get 1))))
  (func $f47 (type $v) (i16x8.ne (local.get 0) (local.get 0)))
  (func $f48 (type $v) (i16x8.ne (local.get 0) (v128.const i64x2 0 0)))
  (func $f49 (type $v) (i16x8.lt_s (local.get 0) (local.get 1)))
  (func $f50 (type $v) (v128.not (i16x8.lt_s (local.get 0) (local.get 1))))
  (func $f51 (type $v) (i16x8.lt_s (local.get 0) (local.get 0)))
  (func $f52 (type $v) (i16x8.lt_s (local.get 0) (v128.const i64x2 0 0)))
  (func $f53 (type $v) (i16x8.gt_s (local.get 0) (local.get 1)))
  (func $f54 (type $v) (v128.not (i16x8.gt_s (local.get 0) (local.get 1))))
  (func $f55 (type $v) (i16x8.gt_s (local.get 0) (local.get 0)))
  (func $f56 (type $v) (i16x8.gt_s (local.get 0) (v128.const i64x2 0 0)))
  (func $f57 (type $v) (i16x8.le_s (local.get 0) (local.get 1)))
  (func $f58 (type $v) (v128.not (i16x8.le_s (local.get 0) (local.get 1))))
  (func $f59 (type $v) (i16x8.le_s (local.get 0) (local.get 0)))
  (func $f60 (type $v) (i16x8.le_s (local.get 0) (v128.const i64x2 0 0)))
  (func $f61 (type $v) (i16x8.ge_s (local.get 0) (local.get 1)))
  (func $f62 (type $v) (v128.not (i16x8.ge_s (local.get 0) (local.get 1))))
  (func $f63 (type $v) (i16x8.ge_s (local.get 0) (local.get 0)))
  (func $f64 (type $v) (i16x8.ge_s (local.get 0) (v128.const i64x2 0 0)))
  (func $f65 (type $v) (i16x8.lt_u (local.get 0) (local.get 1)))
  (func $f66 (type $v) (v128.not (i16x8.lt_u (local.get 0) (local.get 1))))
  (func $f67 (type $v) (i16x8.lt_u (local.get 0) (local.get 0)))
  (func $f68 (type $v) (i16x8.lt_u (local.get 0) (v128.const i64x2 0 0)))
  (func $f69 (type $v) (i16x8.gt_u (local.get 0) (local.get 1)))
  (func $f70 (type $v) (v128.not (i16x8.gt_u (local.get 0) (local.get 1))))
  (func $f71 (type $v) (i16x8.gt_u (local.get 0) (local.get 0)))
  (func $f72 (type $v) (i16x8.gt_u (local.get 0) (v128.const i64x2 0 0)))
  (func $f73 (type $v) (i16x8.le_u (local.get 0) (local.get 1)))
  (func $f74 (type $v) (v128.not (i16x8.le_u (local.get 0) (local.get 1))))
  (func $f75 (type $v) (i16x8.le_u (local.get 0) (local.get 0)))
  (func $f76 (type $v) (i16x8.le_u (local.get 0) (v128.const i64x2 0 0)))
  (func $f77 (type $v) (i16x8.ge_u (local.get 0) (local.get 1)))
  (func $f78 (type $v) (v128.not (i16x8.ge_u (local.get 0) (local.get 1))))
  (func $f79 (type $v) (i16x8.ge_u (local.get 0) (local.get 0)))
  (func $f80 (type $v) (i16x8.ge_u (local.get 0) (v128.const i64x2 0 0)))
  (func $f81 (type $v) (v128.or (i16x8.eq (local.get 0) (local.get 0)) (i16x8.ne (local.get 0) (local.get 0))))
  (func $f82 (type $v) (i32x4.eq (local.get 0) (local.get 1)))
  (func $f83 (type $v) (v128.not (i32x4.eq (local.get 0) (local.get 1))))
  (func $f84 (type $v) (i32x4.eq (local.get 0) (local.get 0)))
  (func $f85 (type $v) (i32x4.eq (local.get 0) (v128.const i64x2 0 0)))
  (func $f86 (type $v) (i32x4.ne (local.get 0) (local.get 1)))
  (func $f87 (type $v) (v128.not (i32x4.ne (local.get 0) (local.get 1))))
  (func $f88 (type $v) (i32x4.ne (local.get 0) (local.get 0)))
  (func $f89 (type $v) (i32x4.ne (local.get 0) (v128.const i64x2 0 0)))
  (func $f90 (type $v) (i32x4.lt_s (local.get 0) (local.get 1)))
  (func $f91 (type $v) (v128.not (i32x4.lt_s (local.get 0) (local.get 1))))
  (func $f92 (type $v) (i32x4.lt_s (local.get 0) (local.get 0)))
  (func $f93 (type $v) (i32x4.lt_s (local.get 0) (v128.const i64x2 0 0)))
  (func $f94 (type $v) (i32x4.gt_s (local.get 0) (local.get 1)))
  (func $f95 (type $v) (v128.not (i32x4.gt_s (local.get 0) (local.get 1))))
  (func $f96 (type $v) (i32x4.gt_s (local.get 0) (local.get 0)))
  (func $f97 (type $v) (i32x4.gt_s (local.get 0) (v128.const i64x2 0 0)))
  (func $f98 (type $v) (i32x4.le_s (local.get 0) (local.get 1)))
  (func $f99 (type $v) (v128.not (i32x4.le_s (local.get 0) (local.get 1))))
  (func $f100 (type $v) (i32x4.le_s (local.get 0) (local.get 0)))
  (func $f101 (type $v) (i32x4.le_s (local.get 0) (v128.const i64x2 0 0)))
  (func $f102 (type $v) (i32x4.ge_s (local.get 0) (local.get 1)))
  (func $f103 (type $v) (v128.not (i32x4.ge_s (local.get 0) (local.get 1))))
  (func $f104 (type $v) (i32x4.ge_s (local.get 0) (local.get 0)))
  (func $f105 (type $v) (i32x4.ge_s (local.get 0) (v128.const i64x2 0 0)))
  (func $f106 (type $v) (i32x4.lt_u (local.get 0) (local.get 1)))
  (func $f107 (type $v) (v128.not (i32x4.lt_u (local.get 0) (local.get 1))))
  (func $f108 (type $v) (i32x4.lt_u (local.get 0) (local.get 0)))
  (func $f109 (type $v) (i32x4.lt_u (local.get 0) (v128.const i64x2 0 0)))
  (func $f110 (type $v) (i32x4.gt_u (local.get 0) (local.get 1)))
  (func $f111 (type $v) (v128.not (i32x4.gt_u (local.get 0) (local.get 1))))
  (func $f112 (type $v) (i32x4.gt_u (local.get 0) (local.get 0)))
  (func $f113 (type $v) (i32x4.gt_u (local.get 0) (v128.const i64x2 0 0)))
  (func $f114 (type $v) (i32x4.le_u (local.get 0) (local.get 1)))
  (func $f115 (type $v) (v128.not (i32x4.le_u (local.get 0) (local.get 1))))
  (func $f116 (type $v) (i32x4.le_u (local.get 0) (local.get 0)))
  (func $f117 (type $v) (i32x4.le_u (local.get 0) (v128.const i64x2 0 0)))
  (func $f118 (type $v) (i32x4.ge_u (local.get 0) (local.get 1)))
  (func $f119 (type $v) (v128.not (i32x4.ge_u (local.get 0) (local.get 1))))
  (func $f120 (type $v) (i32x4.ge_u (local.get 0) (local.get 0)))
  (func $f121 (type $v) (i32x4.ge_u (local.get 0) (v128.const i64x2 0 0)))
  (func $f122 (type $v) (v128.or (i32x4.eq (local.get 0) (local.get 0)) (i32x4.ne (local.get 0) (local.get 0))))
  (func $f123 (type $v) (i64x2.eq (local.get 0) (local.get 1)))
  (func $f124 (type $v) (v128.not (i64x2.eq (local.get 0) (local.get 1))))
  (func $f125 (type $v) (i64x2.eq (local.get 0) (local.get 0)))
  (func $f126 (type $v) (i64x2.eq (local.get 0) (v128.const i64x2 0 0)))
  (func $f127 (type $v) (i64x2.ne (local.get 0) (local.get 1)))
  (func $f128 (type $v) (v128.not (i64x2.ne (local.get 0) (local.get 1))))
  (func $f129 (type $v) (i64x2.ne (local.get 0) (local.get 0)))
  (func $f130 (type $v) (i64x2.ne (local.get 0) (v128.const i64x2 0 0)))
  (func $f131 (type $v) (i64x2.lt_s (local.get 0) (local.get 1)))
  (func $f132 (type $v) (v128.not (i64x2.lt_s (local.get 0) (local.get 1))))
  (func $f133 (type $v) (i64x2.lt_s (local.get 0) (local.get 0)))
  (func $f134 (type $v) (i64x2.lt_s (local.get 0) (v128.const i64x2 0 0)))
  (func $f135 (type $v) (i64x2.gt_s (local.get 0) (local.get 1)))
  (func $f136 (type $v) (v128.not (i64x2.gt_s (local.get 0) (local.get 1))))
  (func $f137 (type $v) (i64x2.gt_s (local.get 0) (local.get 0)))
  (func $f138 (type $v) (i64x2.gt_s (local.get 0) (v128.const i64x2 0 0)))
  (func $f139 (type $v) (i64x2.le_s (local.get 0) (local.get 1)))
  (func $f140 (type $v) (v128.not (i64x2.le_s (local.get 0) (local.get 1))))
  (func $f141 (type $v) (i64x2.le_s (local.get 0) (local.get 0)))
  (func $f142 (type $v) (i64x2.le_s (local.get 0) (v128.const i64x2 0 0)))
  (func $f143 (type $v) (i64x2.ge_s (local.get 0) (local.get 1)))
  (func $f144 (type $v) (v128.not (i64x2.ge_s (local.get 0) (local.get 1))))
  (func $f145 (type $v) (i64x2.ge_s (local.get 0) (local.get 0)))
  (func $f146 (type $v) (i64x2.ge_s (local.get 0) (v128.const i64x2 0 0)))
  (func $f147 (type $v) (v128.or (i64x2.eq (local.get 0) (local.get 0)) (i64x2.ne (local.get 0) (local.get 0)))))
(assert_return (invoke "vector" (i32.const 0) (i32.const 16)) (i64.const 0xc5442474052aba9a)) ;; i8x16.eq
(assert_return (invoke "vector" (i32.const 1) (i32.const 16)) (i64.const 0xd1873e879a4c5b0f)) ;; not i8x16.eq
(assert_return (invoke "vector" (i32.const 2) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i8x16.eq
(assert_return (invoke "vector" (i32.const 3) (i32.const 1)) (i64.const 0x81aa6f9f4e21744c)) ;; zero i8x16.eq
(assert_return (invoke "vector" (i32.const 4) (i32.const 16)) (i64.const 0xd1873e879a4c5b0f)) ;; i8x16.ne
(assert_return (invoke "vector" (i32.const 5) (i32.const 16)) (i64.const 0xc5442474052aba9a)) ;; not i8x16.ne
(assert_return (invoke "vector" (i32.const 6) (i32.const 1)) (i64.const 0x0)) ;; same i8x16.ne
(assert_return (invoke "vector" (i32.const 7) (i32.const 1)) (i64.const 0x69a8345988137be3)) ;; zero i8x16.ne
(assert_return (invoke "vector" (i32.const 8) (i32.const 16)) (i64.const 0x878e69c6a6e7512d)) ;; i8x16.lt_s
(assert_return (invoke "vector" (i32.const 9) (i32.const 16)) (i64.const 0x385c81d26ae08a19)) ;; not i8x16.lt_s
(assert_return (invoke "vector" (i32.const 10) (i32.const 1)) (i64.const 0x0)) ;; same i8x16.lt_s
(assert_return (invoke "vector" (i32.const 11) (i32.const 1)) (i64.const 0xf16a2aebe1a68e52)) ;; zero i8x16.lt_s
(assert_return (invoke "vector" (i32.const 12) (i32.const 16)) (i64.const 0xcf3f4fddf931efe8)) ;; i8x16.gt_s
(assert_return (invoke "vector" (i32.const 13) (i32.const 16)) (i64.const 0x2685e08bf04f63fb)) ;; not i8x16.gt_s
(assert_return (invoke "vector" (i32.const 14) (i32.const 1)) (i64.const 0x0)) ;; same i8x16.gt_s
(assert_return (invoke "vector" (i32.const 15) (i32.const 1)) (i64.const 0x9609a44c03a6edea)) ;; zero i8x16.gt_s
(assert_return (invoke "vector" (i32.const 16) (i32.const 16)) (i64.const 0x2685e08bf04f63fb)) ;; i8x16.le_s
(assert_return (invoke "vector" (i32.const 17) (i32.const 16)) (i64.const 0xcf3f4fddf931efe8)) ;; not i8x16.le_s
(assert_return (invoke "vector" (i32.const 18) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i8x16.le_s
(assert_return (invoke "vector" (i32.const 19) (i32.const 1)) (i64.const 0x95ff0c91cc7497da)) ;; zero i8x16.le_s
(assert_return (invoke "vector" (i32.const 20) (i32.const 16)) (i64.const 0x385c81d26ae08a19)) ;; i8x16.ge_s
(assert_return (invoke "vector" (i32.const 21) (i32.const 16)) (i64.const 0x878e69c6a6e7512d)) ;; not i8x16.ge_s
(assert_return (invoke "vector" (i32.const 22) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i8x16.ge_s
(assert_return (invoke "vector" (i32.const 23) (i32.const 1)) (i64.const 0xe45c1f3a35826a2)) ;; zero i8x16.ge_s
(assert_return (invoke "vector" (i32.const 24) (i32.const 16)) (i64.const 0x484f2532a1670412)) ;; i8x16.lt_u
(assert_return (invoke "vector" (i32.const 25) (i32.const 16)) (i64.const 0xe9ed49ccf40c48e3)) ;; not i8x16.lt_u
(assert_return (invoke "vector" (i32.const 26) (i32.const 1)) (i64.const 0x0)) ;; same i8x16.lt_u
(assert_return (invoke "vector" (i32.const 27) (i32.const 1)) (i64.const 0x0)) ;; zero i8x16.lt_u
(assert_return (invoke "vector" (i32.const 28) (i32.const 16)) (i64.const 0xd58d5add0aa5ca24)) ;; i8x16.gt_u
(assert_return (invoke "vector" (i32.const 29) (i32.const 16)) (i64.const 0xa4febf656c460a55)) ;; not i8x16.gt_u
(assert_return (invoke "vector" (i32.const 30) (i32.const 1)) (i64.const 0x0)) ;; same i8x16.gt_u
(assert_return (invoke "vector" (i32.const 31) (i32.const 1)) (i64.const 0x69a8345988137be3)) ;; zero i8x16.gt_u
(assert_return (invoke "vector" (i32.const 32) (i32.const 16)) (i64.const 0xa4febf656c460a55)) ;; i8x16.le_u
(assert_return (invoke "vector" (i32.const 33) (i32.const 16)) (i64.const 0xd58d5add0aa5ca24)) ;; not i8x16.le_u
(assert_return (invoke "vector" (i32.const 34) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i8x16.le_u
(assert_return (invoke "vector" (i32.const 35) (i32.const 1)) (i64.const 0x81aa6f9f4e21744c)) ;; zero i8x16.le_u
(assert_return (invoke "vector" (i32.const 36) (i32.const 16)) (i64.const 0xe9ed49ccf40c48e3)) ;; i8x16.ge_u
(assert_return (invoke "vector" (i32.const 37) (i32.const 16)) (i64.const 0x484f2532a1670412)) ;; not i8x16.ge_u
(assert_return (invoke "vector" (i32.const 38) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i8x16.ge_u
(assert_return (invoke "vector" (i32.const 39) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; zero i8x16.ge_u
(assert_return (invoke "vector" (i32.const 40) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; i8x16 eq or ne
(assert_return (invoke "vector" (i32.const 41) (i32.const 16)) (i64.const 0x525f42886a598f93)) ;; i16x8.eq
(assert_return (invoke "vector" (i32.const 42) (i32.const 16)) (i64.const 0x74bb9eb17cd7ba40)) ;; not i16x8.eq
(assert_return (invoke "vector" (i32.const 43) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i16x8.eq
(assert_return (invoke "vector" (i32.const 44) (i32.const 1)) (i64.const 0x3245391cad4400f3)) ;; zero i16x8.eq
(assert_return (invoke "vector" (i32.const 45) (i32.const 16)) (i64.const 0x74bb9eb17cd7ba40)) ;; i16x8.ne
(assert_return (invoke "vector" (i32.const 46) (i32.const 16)) (i64.const 0x525f42886a598f93)) ;; not i16x8.ne
(assert_return (invoke "vector" (i32.const 47) (i32.const 1)) (i64.const 0x0)) ;; same i16x8.ne
(assert_return (invoke "vector" (i32.const 48) (i32.const 1)) (i64.const 0xfcdf982c50bb42dd)) ;; zero i16x8.ne
(assert_return (invoke "vector" (i32.const 49) (i32.const 16)) (i64.const 0x2b79334de20a43d4)) ;; i16x8.lt_s
(assert_return (invoke "vector" (i32.const 50) (i32.const 16)) (i64.const 0xdf092ec6911db31c)) ;; not i16x8.lt_s
(assert_return (invoke "vector" (i32.const 51) (i32.const 1)) (i64.const 0x0)) ;; same i16x8.lt_s
(assert_return (invoke "vector" (i32.const 52) (i32.const 1)) (i64.const 0xe0232063622790f3)) ;; zero i16x8.lt_s
(assert_return (invoke "vector" (i32.const 53) (i32.const 16)) (i64.const 0x446f918f2fc46d6c)) ;; i16x8.gt_s
(assert_return (invoke "vector" (i32.const 54) (i32.const 16)) (i64.const 0x23810043121c766d)) ;; not i16x8.gt_s
(assert_return (invoke "vector" (i32.const 55) (i32.const 1)) (i64.const 0x0)) ;; same i16x8.gt_s
(assert_return (invoke "vector" (i32.const 56) (i32.const 1)) (i64.const 0xa436ccf091aaa10d)) ;; zero i16x8.gt_s
(assert_return (invoke "vector" (i32.const 57) (i32.const 16)) (i64.const 0x23810043121c766d)) ;; i16x8.le_s
(assert_return (invoke "vector" (i32.const 58) (i32.const 16)) (i64.const 0x446f918f2fc46d6c)) ;; not i16x8.le_s
(assert_return (invoke "vector" (i32.const 59) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i16x8.le_s
(assert_return (invoke "vector" (i32.const 60) (i32.const 1)) (i64.const 0xea4ec5afaa73b221)) ;; zero i16x8.le_s
(assert_return (invoke "vector" (i32.const 61) (i32.const 16)) (i64.const 0xdf092ec6911db31c)) ;; i16x8.ge_s
(assert_return (invoke "vector" (i32.const 62) (i32.const 16)) (i64.const 0x2b79334de20a43d4)) ;; not i16x8.ge_s
(assert_return (invoke "vector" (i32.const 63) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i16x8.ge_s
(assert_return (invoke "vector" (i32.const 64) (i32.const 1)) (i64.const 0xf558c0b9bbb4640d)) ;; zero i16x8.ge_s
(assert_return (invoke "vector" (i32.const 65) (i32.const 16)) (i64.const 0xb21efd82a8083329)) ;; i16x8.lt_u
(assert_return (invoke "vector" (i32.const 66) (i32.const 16)) (i64.const 0xf374339cb1b6f290)) ;; not i16x8.lt_u
(assert_return (invoke "vector" (i32.const 67) (i32.const 1)) (i64.const 0x0)) ;; same i16x8.lt_u
(assert_return (invoke "vector" (i32.const 68) (i32.const 1)) (i64.const 0x0)) ;; zero i16x8.lt_u
(assert_return (invoke "vector" (i32.const 69) (i32.const 16)) (i64.const 0x8f9601dd3655651c)) ;; i16x8.gt_u
(assert_return (invoke "vector" (i32.const 70) (i32.const 16)) (i64.const 0xf310f56658beb8d8)) ;; not i16x8.gt_u
(assert_return (invoke "vector" (i32.const 71) (i32.const 1)) (i64.const 0x0)) ;; same i16x8.gt_u
(assert_return (invoke "vector" (i32.const 72) (i32.const 1)) (i64.const 0xfcdf982c50bb42dd)) ;; zero i16x8.gt_u
(assert_return (invoke "vector" (i32.const 73) (i32.const 16)) (i64.const 0xf310f56658beb8d8)) ;; i16x8.le_u
(assert_return (invoke "vector" (i32.const 74) (i32.const 16)) (i64.const 0x8f9601dd3655651c)) ;; not i16x8.le_u
(assert_return (invoke "vector" (i32.const 75) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i16x8.le_u
(assert_return (invoke "vector" (i32.const 76) (i32.const 1)) (i64.const 0x3245391cad4400f3)) ;; zero i16x8.le_u
(assert_return (invoke "vector" (i32.const 77) (i32.const 16)) (i64.const 0xf374339cb1b6f290)) ;; i16x8.ge_u
(assert_return (invoke "vector" (i32.const 78) (i32.const 16)) (i64.const 0xb21efd82a8083329)) ;; not i16x8.ge_u
(assert_return (invoke "vector" (i32.const 79) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i16x8.ge_u
(assert_return (invoke "vector" (i32.const 80) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; zero i16x8.ge_u
(assert_return (invoke "vector" (i32.const 81) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; i16x8 eq or ne
(assert_return (invoke "vector" (i32.const 82) (i32.const 16)) (i64.const 0xfdaff49536588893)) ;; i32x4.eq
(assert_return (invoke "vector" (i32.const 83) (i32.const 16)) (i64.const 0x5c7cc577ad02f1dd)) ;; not i32x4.eq
(assert_return (invoke "vector" (i32.const 84) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i32x4.eq
(assert_return (invoke "vector" (i32.const 85) (i32.const 1)) (i64.const 0xab1c1e4ab84e64a4)) ;; zero i32x4.eq
(assert_return (invoke "vector" (i32.const 86) (i32.const 16)) (i64.const 0x5c7cc577ad02f1dd)) ;; i32x4.ne
(assert_return (invoke "vector" (i32.const 87) (i32.const 16)) (i64.const 0xfdaff49536588893)) ;; not i32x4.ne
(assert_return (invoke "vector" (i32.const 88) (i32.const 1)) (i64.const 0x0)) ;; same i32x4.ne
(assert_return (invoke "vector" (i32.const 89) (i32.const 1)) (i64.const 0xc82e597960e5c64e)) ;; zero i32x4.ne
(assert_return (invoke "vector" (i32.const 90) (i32.const 16)) (i64.const 0xe6319e4489b98e0c)) ;; i32x4.lt_s
(assert_return (invoke "vector" (i32.const 91) (i32.const 16)) (i64.const 0x4fa0bc554fd6c634)) ;; not i32x4.lt_s
(assert_return (invoke "vector" (i32.const 92) (i32.const 1)) (i64.const 0x0)) ;; same i32x4.lt_s
(assert_return (invoke "vector" (i32.const 93) (i32.const 1)) (i64.const 0xada5eac85c3923b9)) ;; zero i32x4.lt_s
(assert_return (invoke "vector" (i32.const 94) (i32.const 16)) (i64.const 0xd39ef3db073d9dfe)) ;; i32x4.gt_s
(assert_return (invoke "vector" (i32.const 95) (i32.const 16)) (i64.const 0x24f066083407fb6e)) ;; not i32x4.gt_s
(assert_return (invoke "vector" (i32.const 96) (i32.const 1)) (i64.const 0x0)) ;; same i32x4.gt_s
(assert_return (invoke "vector" (i32.const 97) (i32.const 1)) (i64.const 0xc9e1e4304c4d5a23)) ;; zero i32x4.gt_s
(assert_return (invoke "vector" (i32.const 98) (i32.const 16)) (i64.const 0x24f066083407fb6e)) ;; i32x4.le_s
(assert_return (invoke "vector" (i32.const 99) (i32.const 16)) (i64.const 0xd39ef3db073d9dfe)) ;; not i32x4.le_s
(assert_return (invoke "vector" (i32.const 100) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i32x4.le_s
(assert_return (invoke "vector" (i32.const 101) (i32.const 1)) (i64.const 0xed0011f81d04d4d5)) ;; zero i32x4.le_s
(assert_return (invoke "vector" (i32.const 102) (i32.const 16)) (i64.const 0x4fa0bc554fd6c634)) ;; i32x4.ge_s
(assert_return (invoke "vector" (i32.const 103) (i32.const 16)) (i64.const 0xe6319e4489b98e0c)) ;; not i32x4.ge_s
(assert_return (invoke "vector" (i32.const 104) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i32x4.ge_s
(assert_return (invoke "vector" (i32.const 105) (i32.const 1)) (i64.const 0x519e0b1ef6abf3d3)) ;; zero i32x4.ge_s
(assert_return (invoke "vector" (i32.const 106) (i32.const 16)) (i64.const 0x2b937cbf9fba3f2b)) ;; i32x4.lt_u
(assert_return (invoke "vector" (i32.const 107) (i32.const 16)) (i64.const 0x2c086d1612efa96e)) ;; not i32x4.lt_u
(assert_return (invoke "vector" (i32.const 108) (i32.const 1)) (i64.const 0x0)) ;; same i32x4.lt_u
(assert_return (invoke "vector" (i32.const 109) (i32.const 1)) (i64.const 0x0)) ;; zero i32x4.lt_u
(assert_return (invoke "vector" (i32.const 110) (i32.const 16)) (i64.const 0xd8bcf3a47fe87e4c)) ;; i32x4.gt_u
(assert_return (invoke "vector" (i32.const 111) (i32.const 16)) (i64.const 0x98649e234155f70b)) ;; not i32x4.gt_u
(assert_return (invoke "vector" (i32.const 112) (i32.const 1)) (i64.const 0x0)) ;; same i32x4.gt_u
(assert_return (invoke "vector" (i32.const 113) (i32.const 1)) (i64.const 0xc82e597960e5c64e)) ;; zero i32x4.gt_u
(assert_return (invoke "vector" (i32.const 114) (i32.const 16)) (i64.const 0x98649e234155f70b)) ;; i32x4.le_u
(assert_return (invoke "vector" (i32.const 115) (i32.const 16)) (i64.const 0xd8bcf3a47fe87e4c)) ;; not i32x4.le_u
(assert_return (invoke "vector" (i32.const 116) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i32x4.le_u
(assert_return (invoke "vector" (i32.const 117) (i32.const 1)) (i64.const 0xab1c1e4ab84e64a4)) ;; zero i32x4.le_u
(assert_return (invoke "vector" (i32.const 118) (i32.const 16)) (i64.const 0x2c086d1612efa96e)) ;; i32x4.ge_u
(assert_return (invoke "vector" (i32.const 119) (i32.const 16)) (i64.const 0x2b937cbf9fba3f2b)) ;; not i32x4.ge_u
(assert_return (invoke "vector" (i32.const 120) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i32x4.ge_u
(assert_return (invoke "vector" (i32.const 121) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; zero i32x4.ge_u
(assert_return (invoke "vector" (i32.const 122) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; i32x4 eq or ne
(assert_return (invoke "vector" (i32.const 123) (i32.const 16)) (i64.const 0xaec7495a33a8377e)) ;; i64x2.eq
(assert_return (invoke "vector" (i32.const 124) (i32.const 16)) (i64.const 0x6dd856ce91da3980)) ;; not i64x2.eq
(assert_return (invoke "vector" (i32.const 125) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i64x2.eq
(assert_return (invoke "vector" (i32.const 126) (i32.const 1)) (i64.const 0x235ab863c472aa7d)) ;; zero i64x2.eq
(assert_return (invoke "vector" (i32.const 127) (i32.const 16)) (i64.const 0x6dd856ce91da3980)) ;; i64x2.ne
(assert_return (invoke "vector" (i32.const 128) (i32.const 16)) (i64.const 0xaec7495a33a8377e)) ;; not i64x2.ne
(assert_return (invoke "vector" (i32.const 129) (i32.const 1)) (i64.const 0x0)) ;; same i64x2.ne
(assert_return (invoke "vector" (i32.const 130) (i32.const 1)) (i64.const 0x7e2cc456034caed2)) ;; zero i64x2.ne
(assert_return (invoke "vector" (i32.const 131) (i32.const 16)) (i64.const 0x79f64d5336cdefbf)) ;; i64x2.lt_s
(assert_return (invoke "vector" (i32.const 132) (i32.const 16)) (i64.const 0xf1930697658aa1cb)) ;; not i64x2.lt_s
(assert_return (invoke "vector" (i32.const 133) (i32.const 1)) (i64.const 0x0)) ;; same i64x2.lt_s
(assert_return (invoke "vector" (i32.const 134) (i32.const 1)) (i64.const 0x65b39f50fb54fdf8)) ;; zero i64x2.lt_s
(assert_return (invoke "vector" (i32.const 135) (i32.const 16)) (i64.const 0x9f67a148dd4c4daf)) ;; i64x2.gt_s
(assert_return (invoke "vector" (i32.const 136) (i32.const 16)) (i64.const 0x421ee117906e7d27)) ;; not i64x2.gt_s
(assert_return (invoke "vector" (i32.const 137) (i32.const 1)) (i64.const 0x0)) ;; same i64x2.gt_s
(assert_return (invoke "vector" (i32.const 138) (i32.const 1)) (i64.const 0x7f95c98f34d6c581)) ;; zero i64x2.gt_s
(assert_return (invoke "vector" (i32.const 139) (i32.const 16)) (i64.const 0x421ee117906e7d27)) ;; i64x2.le_s
(assert_return (invoke "vector" (i32.const 140) (i32.const 16)) (i64.const 0x9f67a148dd4c4daf)) ;; not i64x2.le_s
(assert_return (invoke "vector" (i32.const 141) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i64x2.le_s
(assert_return (invoke "vector" (i32.const 142) (i32.const 1)) (i64.const 0xdcbb335066411e21)) ;; zero i64x2.le_s
(assert_return (invoke "vector" (i32.const 143) (i32.const 16)) (i64.const 0xf1930697658aa1cb)) ;; i64x2.ge_s
(assert_return (invoke "vector" (i32.const 144) (i32.const 16)) (i64.const 0x79f64d5336cdefbf)) ;; not i64x2.ge_s
(assert_return (invoke "vector" (i32.const 145) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; same i64x2.ge_s
(assert_return (invoke "vector" (i32.const 146) (i32.const 1)) (i64.const 0x81fbc10185c43c6d)) ;; zero i64x2.ge_s
(assert_return (invoke "vector" (i32.const 147) (i32.const 1)) (i64.const 0x10a1b43ca3ce104a)) ;; i64x2 eq or ne
