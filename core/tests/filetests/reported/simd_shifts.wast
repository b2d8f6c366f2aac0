;; Kind: miscompile, shifts of lanes by constants and variables, modulo the width of a lane. GHSA-gw5p-q8mj-p7gh (CVE-2023-41880).
(module
  (type $v (func (param v128 v128) (result v128)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\00\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\0b\30\55\7a\9f\c4\e9\0e\33\58\7d\a2\c7\ec\11\36\80\80\80\80\80\80\80\80\80\80\80\80\80\80\80\80\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\00\80\00\80\00\80\00\80\00\80\00\80\00\80\00\80\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\00\00\00\80\ff\ff\ff\7f\ff\ff\ff\ff\01\00\00\00\00\00\00\00\00\00\00\80\ff\ff\ff\ff\ff\ff\ff\7f\ff\ff\ff\ff\00\00\00\00\00\00\00\00\01\00\00\00\ff\ee\dd\cc\bb\aa\99\88\77\66\55\44\33\22\11\00\ff\ff\01\00\00\80\ff\7f\ff\00\00\ff\80\00\7f\ff\00\10\1f\0f\80\ff\f0\07\08\09\01\02\03\64\c8\11\fe\ff\ff\ff\ff\ff\00\00\00\00\ff\ff\00\80\00\00\be\ba\fe\ca\ef\be\ad\de\ef\cd\ab\89\67\45\23\01")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24 $f25 $f26 $f27 $f28 $f29 $f30 $f31 $f32 $f33 $f34 $f35 $f36 $f37 $f38 $f39 $f40 $f41 $f42 $f43 $f44 $f45 $f46 $f47 $f48 $f49 $f50 $f51 $f52 $f53 $f54 $f55 $f56 $f57 $f58 $f59 $f60 $f61 $f62 $f63 $f64 $f65 $f66 $f67 $f68 $f69 $f70 $f71 $f72 $f73 $f74 $f75 $f76 $f77 $f78 $f79 $f80 $f81 $f82 $f83 $f84 $f85 $f86 $f87 $f88 $f89 $f90 $f91 $f92 $f93 $f94 $f95 $f96 $f97 $f98 $f99 $f100 $f101 $f102 $f103 $f104 $f105 $f106 $f107 $f108 $f109 $f110 $f111 $f112 $f113 $f114 $f115 $f116 $f117 $f118 $f119 $f120 $f121 $f122 $f123 $f124 $f125 $f126 $f127 $f128 $f129 $f130 $f131 $f132 $f133 $f134 $f135 $f136 $f137 $f138 $f139 $f140 $f141 $f142 $f143))
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
  (func $f0 (type $v) (i8x16.shl (local.get 0) (i32.const 0)))
  (func $f1 (type $v) (i8x16.shl (local.get 0) (i32.const 1)))
  (func $f2 (type $v) (i8x16.shl (local.get 0) (i32.const 3)))
  (func $f3 (type $v) (i8x16.shl (local.get 0) (i32.const 4)))
  (func $f4 (type $v) (i8x16.shl (local.get 0) (i32.const 7)))
  (func $f5 (type $v) (i8x16.shl (local.get 0) (i32.const 8)))
  (func $f6 (type $v) (i8x16.shl (local.get 0) (i32.const 9)))
  (func $f7 (type $v) (i8x16.shl (local.get 0) (i32.const 15)))
  (func $f8 (type $v) (i8x16.shl (local.get 0) (i32.const 255)))
  (func $f9 (type $v) (i8x16.shl (local.get 0) (i32.const -1)))
  (func $f10 (type $v) (i8x16.shl (local.get 0) (i32x4.extract_lane 1 (local.get 1))))
  (func $f11 (type $v) (i8x16.sub (i8x16.shl (local.get 0) (i8x16.extract_lane_u 3 (local.get 1))) (local.get 0)))
  (func $f12 (type $v) (i8x16.shr_s (local.get 0) (i32.const 0)))
  (func $f13 (type $v) (i8x16.shr_s (local.get 0) (i32.const 1)))
  (func $f14 (type $v) (i8x16.shr_s (local.get 0) (i32.const 3)))
  (func $f15 (type $v) (i8x16.shr_s (local.get 0) (i32.const 4)))
  (func $f16 (type $v) (i8x16.shr_s (local.get 0) (i32.const 7)))
  (func $f17 (type $v) (i8x16.shr_s (local.get 0) (i32.const 8)))
  (func $f18 (type $v) (i8x16.shr_s (local.get 0) (i32.const 9)))
  (func $f19 (type $v) (i8x16.shr_s (local.get 0) (i32.const 15)))
  (func $f20 (type $v) (i8x16.shr_s (local.get 0) (i32.const 255)))
  (func $f21 (type $v) (i8x16.shr_s (local.get 0) (i32.const -1)))
  (func $f22 (type $v) (i8x16.shr_s (local.get 0) (i32x4.extract_lane 1 (local.get 1))))
  (func $f23 (type $v) (i8x16.sub (i8x16.shr_s (local.get 0) (i8x16.extract_lane_u 3 (local.get 1))) (local.get 0)))
  (func $f24 (type $v) (i8x16.shr_u (local.get 0) (i32.const 0)))
  (func $f25 (type $v) (i8x16.shr_u (local.get 0) (i32.const 1)))
  (func $f26 (type $v) (i8x16.shr_u (local.get 0) (i32.const 3)))
  (func $f27 (type $v) (i8x16.shr_u (local.get 0) (i32.const 4)))
  (func $f28 (type $v) (i8x16.shr_u (local.get 0) (i32.const 7)))
  (func $f29 (type $v) (i8x16.shr_u (local.get 0) (i32.const 8)))
  (func $f30 (type $v) (i8x16.shr_u (local.get 0) (i32.const 9)))
  (func $f31 (type $v) (i8x16.shr_u (local.get 0) (i32.const 15)))
  (func $f32 (type $v) (i8x16.shr_u (local.get 0) (i32.const 255)))
  (func $f33 (type $v) (i8x16.shr_u (local.get 0) (i32.const -1)))
  (func $f34 (type $v) (i8x16.shr_u (local.get 0) (i32x4.extract_lane 1 (local.get 1))))
  (func $f35 (type $v) (i8x16.sub (i8x16.shr_u (local.get 0) (i8x16.extract_lane_u 3 (local.get 1))) (local.get 0)))
  (func $f36 (type $v) (i16x8.shl (local.get 0) (i32.const 0)))
  (func $f37 (type $v) (i16x8.shl (local.get 0) (i32.const 1)))
  (func $f38 (type $v) (i16x8.shl (local.get 0) (i32.const 7)))
  (func $f39 (type $v) (i16x8.shl (local.get 0) (i32.const 8)))
  (func $f40 (type $v) (i16x8.shl (local.get 0) (i32.const 15)))
  (func $f41 (type $v) (i16x8.shl (local.get 0) (i32.const 16)))
  (func $f42 (type $v) (i16x8.shl (local.get 0) (i32.const 17)))
  (func $f43 (type $v) (i16x8.shl (local.get 0) (i32.const 31)))
  (func $f44 (type $v) (i16x8.shl (local.get 0) (i32.const 255)))
  (func $f45 (type $v) (i16x8.shl (local.get 0) (i32.const -1)))
  (func $f46 (type $v) (i16x8.shl (local.get 0) (i32x4.extract_lane 1 (local.get 1))))
  (func $f47 (type $v) (i16x8.sub (i16x8.shl (local.get 0) (i8x16.extract_lane_u 3 (local.get 1))) (local.get 0)))
  (func $f48 (type $v) (i16x8.shr_s (local.get 0) (i32.const 0)))
  (func $f49 (type $v) (i16x8.shr_s (local.get 0) (i32.const 1)))
  (func $f50 (type $v) (i16x8.shr_s (local.get 0) (i32.const 7)))
  (func $f51 (type $v) (i16x8.shr_s (local.get 0) (i32.const 8)))
  (func $f52 (type $v) (i16x8.shr_s (local.get 0) (i32.const 15)))
  (func $f53 (type $v) (i16x8.shr_s (local.get 0) (i32.const 16)))
  (func $f54 (type $v) (i16x8.shr_s (local.get 0) (i32.const 17)))
  (func $f55 (type $v) (i16x8.shr_s (local.get 0) (i32.const 31)))
  (func $f56 (type $v) (i16x8.shr_s (local.get 0) (i32.const 255)))
  (func $f57 (type $v) (i16x8.shr_s (local.get 0) (i32.const -1)))
  (func $f58 (type $v) (i16x8.shr_s (local.get 0) (i32x4.extract_lane 1 (local.get 1))))
  (func $f59 (type $v) (i16x8.sub (i16x8.shr_s (local.get 0) (i8x16.extract_lane_u 3 (local.get 1))) (local.get 0)))
  (func $f60 (type $v) (i16x8.shr_u (local.get 0) (i32.const 0)))
  (func $f61 (type $v) (i16x8.shr_u (local.get 0) (i32.const 1)))
  (func $f62 (type $v) (i16x8.shr_u (local.get 0) (i32.const 7)))
  (func $f63 (type $v) (i16x8.shr_u (local.get 0) (i32.const 8)))
  (func $f64 (type $v) (i16x8.shr_u (local.get 0) (i32.const 15)))
  (func $f65 (type $v) (i16x8.shr_u (local.get 0) (i32.const 16)))
  (func $f66 (type $v) (i16x8.shr_u (local.get 0) (i32.const 17)))
  (func $f67 (type $v) (i16x8.shr_u (local.get 0) (i32.const 31)))
  (func $f68 (type $v) (i16x8.shr_u (local.get 0) (i32.const 255)))
  (func $f69 (type $v) (i16x8.shr_u (local.get 0) (i32.const -1)))
  (func $f70 (type $v) (i16x8.shr_u (local.get 0) (i32x4.extract_lane 1 (local.get 1))))
  (func $f71 (type $v) (i16x8.sub (i16x8.shr_u (local.get 0) (i8x16.extract_lane_u 3 (local.get 1))) (local.get 0)))
  (func $f72 (type $v) (i32x4.shl (local.get 0) (i32.const 0)))
  (func $f73 (type $v) (i32x4.shl (local.get 0) (i32.const 1)))
  (func $f74 (type $v) (i32x4.shl (local.get 0) (i32.const 15)))
  (func $f75 (type $v) (i32x4.shl (local.get 0) (i32.const 16)))
  (func $f76 (type $v) (i32x4.shl (local.get 0) (i32.const 31)))
  (func $f77 (type $v) (i32x4.shl (local.get 0) (i32.const 32)))
  (func $f78 (type $v) (i32x4.shl (local.get 0) (i32.const 33)))
  (func $f79 (type $v) (i32x4.shl (local.get 0) (i32.const 63)))
  (func $f80 (type $v) (i32x4.shl (local.get 0) (i32.const 255)))
  (func $f81 (type $v) (i32x4.shl (local.get 0) (i32.const -1)))
  (func $f82 (type $v) (i32x4.shl (local.get 0) (i32x4.extract_lane 1 (local.get 1))))
  (func $f83 (type $v) (i32x4.sub (i32x4.shl (local.get 0) (i8x16.extract_lane_u 3 (local.get 1))) (local.get 0)))
  (func $f84 (type $v) (i32x4.shr_s (local.get 0) (i32.const 0)))
  (func $f85 (type $v) (i32x4.shr_s (local.get 0) (i32.const 1)))
  (func $f86 (type $v) (i32x4.shr_s (local.get 0) (i32.const 15)))
  (func $f87 (type $v) (i32x4.shr_s (local.get 0) (i32.const 16)))
  (func $f88 (type $v) (i32x4.shr_s (local.get 0) (i32.const 31)))
  (func $f89 (type $v) (i32x4.shr_s (local.get 0) (i32.const 32)))
  (func $f90 (type $v) (i32x4.shr_s (local.get 0) (i32.const 33)))
  (func $f91 (type $v) (i32x4.shr_s (local.get 0) (i32.const 63)))
  (func $f92 (type $v) (i32x4.shr_s (local.get 0) (i32.const 255)))
  (func $f93 (type $v) (i32x4.shr_s (local.get 0) (i32.const -1)))
  (func $f94 (type $v) (i32x4.shr_s (local.get 0) (i32x4.extract_lane 1 (local.get 1))))
  (func $f95 (type $v) (i32x4.sub (i32x4.shr_s (local.get 0) (i8x16.extract_lane_u 3 (local.get 1))) (local.get 0)))
  (func $f96 (type $v) (i32x4.shr_u (local.get 0) (i32.const 0)))
  (func $f97 (type $v) (i32x4.shr_u (local.get 0) (i32.const 1)))
  (func $f98 (type $v) (i32x4.shr_u (local.get 0) (i32.const 15)))
  (func $f99 (type $v) (i32x4.shr_u (local.get 0) (i32.const 16)))
  (func $f100 (type $v) (i32x4.shr_u (local.get 0) (i32.const 31)))
  (func $f101 (type $v) (i32x4.shr_u (local.get 0) (i32.const 32)))
  (func $f102 (type $v) (i32x4.shr_u (local.get 0) (i32.const 33)))
  (func $f103 (type $v) (i32x4.shr_u (local.get 0) (i32.const 63)))
  (func $f104 (type $v) (i32x4.shr_u (local.get 0) (i32.const 255)))
  (func $f105 (type $v) (i32x4.shr_u (local.get 0) (i32.const -1)))
  (func $f106 (type $v) (i32x4.shr_u (local.get 0) (i32x4.extract_lane 1 (local.get 1))))
  (func $f107 (type $v) (i32x4.sub (i32x4.shr_u (local.get 0) (i8x16.extract_lane_u 3 (local.get 1))) (local.get 0)))
  (func $f108 (type $v) (i64x2.shl (local.get 0) (i32.const 0)))
  (func $f109 (type $v) (i64x2.shl (local.get 0) (i32.const 1)))
  (func $f110 (type $v) (i64x2.shl (local.get 0) (i32.const 31)))
  (func $f111 (type $v) (i64x2.shl (local.get 0) (i32.const 32)))
  (func $f112 (type $v) (i64x2.shl (local.get 0) (i32.const 63)))
  (func $f113 (type $v) (i64x2.shl (local.get 0) (i32.const 64)))
  (func $f114 (type $v) (i64x2.shl (local.get 0) (i32.const 65)))
  (func $f115 (type $v) (i64x2.shl (local.get 0) (i32.const 127)))
  (func $f116 (type $v) (i64x2.shl (local.get 0) (i32.const 255)))
  (func $f117 (type $v) (i64x2.shl (local.get 0) (i32.const -1)))
  (func $f118 (type $v) (i64x2.shl (local.get 0) (i32x4.extract_lane 1 (local.get 1))))
  (func $f119 (type $v) (i64x2.sub (i64x2.shl (local.get 0) (i8x16.extract_lane_u 3 (local.get 1))) (local.get 0)))
  (func $f120 (type $v) (i64x2.shr_s (local.get 0) (i32.const 0)))
  (func $f121 (type $v) (i64x2.shr_s (local.get 0) (i32.const 1)))
  (func $f122 (type $v) (i64x2.shr_s (local.get 0) (i32.const 31)))
  (func $f123 (type $v) (i64x2.shr_s (local.get 0) (i32.const 32)))
  (func $f124 (type $v) (i64x2.shr_s (local.get 0) (i32.const 63)))
  (func $f125 (type $v) (i64x2.shr_s (local.get 0) (i32.const 64)))
  (func $f126 (type $v) (i64x2.shr_s (local.get 0) (i32.const 65)))
  (func $f127 (type $v) (i64x2.shr_s (local.get 0) (i32.const 127)))
  (func $f128 (type $v) (i64x2.shr_s (local.get 0) (i32.const 255)))
  (func $f129 (type $v) (i64x2.shr_s (local.get 0) (i32.const -1)))
  (func $f130 (type $v) (i64x2.shr_s (local.get 0) (i32x4.extract_lane 1 (local.get 1))))
  (func $f131 (type $v) (i64x2.sub (i64x2.shr_s (local.get 0) (i8x16.extract_lane_u 3 (local.get 1))) (local.get 0)))
  (func $f132 (type $v) (i64x2.shr_u (local.get 0) (i32.const 0)))
  (func $f133 (type $v) (i64x2.shr_u (local.get 0) (i32.const 1)))
  (func $f134 (type $v) (i64x2.shr_u (local.get 0) (i32.const 31)))
  (func $f135 (type $v) (i64x2.shr_u (local.get 0) (i32.const 32)))
  (func $f136 (type $v) (i64x2.shr_u (local.get 0) (i32.const 63)))
  (func $f137 (type $v) (i64x2.shr_u (local.get 0) (i32.const 64)))
  (func $f138 (type $v) (i64x2.shr_u (local.get 0) (i32.const 65)))
  (func $f139 (type $v) (i64x2.shr_u (local.get 0) (i32.const 127)))
  (func $f140 (type $v) (i64x2.shr_u (local.get 0) (i32.const 255)))
  (func $f141 (type $v) (i64x2.shr_u (local.get 0) (i32.const -1)))
  (func $f142 (type $v) (i64x2.shr_u (local.get 0) (i32x4.extract_lane 1 (local.get 1))))
  (func $f143 (type $v) (i64x2.sub (i64x2.shr_u (local.get 0) (i8x16.extract_lane_u 3 (local.get 1))) (local.get 0))))
(assert_return (invoke "vector" (i32.const 0) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i8x16.shl 0
(assert_return (invoke "vector" (i32.const 1) (i32.const 1)) (i64.const 0x16c0c8d7e3b26637)) ;; i8x16.shl 1
(assert_return (invoke "vector" (i32.const 2) (i32.const 1)) (i64.const 0xec2823436739ebb9)) ;; i8x16.shl 3
(assert_return (invoke "vector" (i32.const 3) (i32.const 1)) (i64.const 0x97da8663d5447f54)) ;; i8x16.shl 4
(assert_return (invoke "vector" (i32.const 4) (i32.const 1)) (i64.const 0xd78628078d5b5aad)) ;; i8x16.shl 7
(assert_return (invoke "vector" (i32.const 5) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i8x16.shl 8
(assert_return (invoke "vector" (i32.const 6) (i32.const 1)) (i64.const 0x16c0c8d7e3b26637)) ;; i8x16.shl 9
(assert_return (invoke "vector" (i32.const 7) (i32.const 1)) (i64.const 0xd78628078d5b5aad)) ;; i8x16.shl 15
(assert_return (invoke "vector" (i32.const 8) (i32.const 1)) (i64.const 0xd78628078d5b5aad)) ;; i8x16.shl 255
(assert_return (invoke "vector" (i32.const 9) (i32.const 1)) (i64.const 0xd78628078d5b5aad)) ;; i8x16.shl -1
(assert_return (invoke "vector" (i32.const 10) (i32.const 16)) (i64.const 0x876485c40ee869f4)) ;; i8x16.shl
(assert_return (invoke "vector" (i32.const 11) (i32.const 16)) (i64.const 0xed817e893de966d5)) ;; i8x16.shl kept
(assert_return (invoke "vector" (i32.const 12) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i8x16.shr_s 0
(assert_return (invoke "vector" (i32.const 13) (i32.const 1)) (i64.const 0xadd5180472ce8114)) ;; i8x16.shr_s 1
(assert_return (invoke "vector" (i32.const 14) (i32.const 1)) (i64.const 0x6bf9c4b1d3c47900)) ;; i8x16.shr_s 3
(assert_return (invoke "vector" (i32.const 15) (i32.const 1)) (i64.const 0x94259a4fd34760d6)) ;; i8x16.shr_s 4
(assert_return (invoke "vector" (i32.const 16) (i32.const 1)) (i64.const 0xf16a2aebe1a68e52)) ;; i8x16.shr_s 7
(assert_return (invoke "vector" (i32.const 17) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i8x16.shr_s 8
(assert_return (invoke "vector" (i32.const 18) (i32.const 1)) (i64.const 0xadd5180472ce8114)) ;; i8x16.shr_s 9
(assert_return (invoke "vector" (i32.const 19) (i32.const 1)) (i64.const 0xf16a2aebe1a68e52)) ;; i8x16.shr_s 15
(assert_return (invoke "vector" (i32.const 20) (i32.const 1)) (i64.const 0xf16a2aebe1a68e52)) ;; i8x16.shr_s 255
(assert_return (invoke "vector" (i32.const 21) (i32.const 1)) (i64.const 0xf16a2aebe1a68e52)) ;; i8x16.shr_s -1
(assert_return (invoke "vector" (i32.const 22) (i32.const 16)) (i64.const 0x15408ccbe6e562c0)) ;; i8x16.shr_s
(assert_return (invoke "vector" (i32.const 23) (i32.const 16)) (i64.const 0x97efafef9b9a8b83)) ;; i8x16.shr_s kept
(assert_return (invoke "vector" (i32.const 24) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i8x16.shr_u 0
(assert_return (invoke "vector" (i32.const 25) (i32.const 1)) (i64.const 0x41792d87d89a4ab2)) ;; i8x16.shr_u 1
(assert_return (invoke "vector" (i32.const 26) (i32.const 1)) (i64.const 0xc8e8b63cf5686c6)) ;; i8x16.shr_u 3
(assert_return (invoke "vector" (i32.const 27) (i32.const 1)) (i64.const 0x49d84952ebecf6b1)) ;; i8x16.shr_u 4
(assert_return (invoke "vector" (i32.const 28) (i32.const 1)) (i64.const 0x3419e9fcc4778243)) ;; i8x16.shr_u 7
(assert_return (invoke "vector" (i32.const 29) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i8x16.shr_u 8
(assert_return (invoke "vector" (i32.const 30) (i32.const 1)) (i64.const 0x41792d87d89a4ab2)) ;; i8x16.shr_u 9
(assert_return (invoke "vector" (i32.const 31) (i32.const 1)) (i64.const 0x3419e9fcc4778243)) ;; i8x16.shr_u 15
(assert_return (invoke "vector" (i32.const 32) (i32.const 1)) (i64.const 0x3419e9fcc4778243)) ;; i8x16.shr_u 255
(assert_return (invoke "vector" (i32.const 33) (i32.const 1)) (i64.const 0x3419e9fcc4778243)) ;; i8x16.shr_u -1
(assert_return (invoke "vector" (i32.const 34) (i32.const 16)) (i64.const 0x3c49eb45ab760955)) ;; i8x16.shr_u
(assert_return (invoke "vector" (i32.const 35) (i32.const 16)) (i64.const 0xbf830f0c511b6641)) ;; i8x16.shr_u kept
(assert_return (invoke "vector" (i32.const 36) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i16x8.shl 0
(assert_return (invoke "vector" (i32.const 37) (i32.const 1)) (i64.const 0xd50bc76a0100fda9)) ;; i16x8.shl 1
(assert_return (invoke "vector" (i32.const 38) (i32.const 1)) (i64.const 0x66617f99ca308b67)) ;; i16x8.shl 7
(assert_return (invoke "vector" (i32.const 39) (i32.const 1)) (i64.const 0x9c3a065fd99c8bc4)) ;; i16x8.shl 8
(assert_return (invoke "vector" (i32.const 40) (i32.const 1)) (i64.const 0xd4823d855c48929f)) ;; i16x8.shl 15
(assert_return (invoke "vector" (i32.const 41) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i16x8.shl 16
(assert_return (invoke "vector" (i32.const 42) (i32.const 1)) (i64.const 0xd50bc76a0100fda9)) ;; i16x8.shl 17
(assert_return (invoke "vector" (i32.const 43) (i32.const 1)) (i64.const 0xd4823d855c48929f)) ;; i16x8.shl 31
(assert_return (invoke "vector" (i32.const 44) (i32.const 1)) (i64.const 0xd4823d855c48929f)) ;; i16x8.shl 255
(assert_return (invoke "vector" (i32.const 45) (i32.const 1)) (i64.const 0xd4823d855c48929f)) ;; i16x8.shl -1
(assert_return (invoke "vector" (i32.const 46) (i32.const 16)) (i64.const 0x863a73eb87e8d03d)) ;; i16x8.shl
(assert_return (invoke "vector" (i32.const 47) (i32.const 16)) (i64.const 0x6da7cac413ba5434)) ;; i16x8.shl kept
(assert_return (invoke "vector" (i32.const 48) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i16x8.shr_s 0
(assert_return (invoke "vector" (i32.const 49) (i32.const 1)) (i64.const 0x8e59dd5819c8ec4b)) ;; i16x8.shr_s 1
(assert_return (invoke "vector" (i32.const 50) (i32.const 1)) (i64.const 0x9140b0d79e53ec7)) ;; i16x8.shr_s 7
(assert_return (invoke "vector" (i32.const 51) (i32.const 1)) (i64.const 0x292351c9691988cf)) ;; i16x8.shr_s 8
(assert_return (invoke "vector" (i32.const 52) (i32.const 1)) (i64.const 0xe0232063622790f3)) ;; i16x8.shr_s 15
(assert_return (invoke "vector" (i32.const 53) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i16x8.shr_s 16
(assert_return (invoke "vector" (i32.const 54) (i32.const 1)) (i64.const 0x8e59dd5819c8ec4b)) ;; i16x8.shr_s 17
(assert_return (invoke "vector" (i32.const 55) (i32.const 1)) (i64.const 0xe0232063622790f3)) ;; i16x8.shr_s 31
(assert_return (invoke "vector" (i32.const 56) (i32.const 1)) (i64.const 0xe0232063622790f3)) ;; i16x8.shr_s 255
(assert_return (invoke "vector" (i32.const 57) (i32.const 1)) (i64.const 0xe0232063622790f3)) ;; i16x8.shr_s -1
(assert_return (invoke "vector" (i32.const 58) (i32.const 16)) (i64.const 0x641ef44f8968b209)) ;; i16x8.shr_s
(assert_return (invoke "vector" (i32.const 59) (i32.const 16)) (i64.const 0xcb2842062e29ea3e)) ;; i16x8.shr_s kept
(assert_return (invoke "vector" (i32.const 60) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i16x8.shr_u 0
(assert_return (invoke "vector" (i32.const 61) (i32.const 1)) (i64.const 0x221a5cd8a213aa94)) ;; i16x8.shr_u 1
(assert_return (invoke "vector" (i32.const 62) (i32.const 1)) (i64.const 0x3ee8b9f2fa34aa12)) ;; i16x8.shr_u 7
(assert_return (invoke "vector" (i32.const 63) (i32.const 1)) (i64.const 0xe12ab4bdd2b75564)) ;; i16x8.shr_u 8
(assert_return (invoke "vector" (i32.const 64) (i32.const 1)) (i64.const 0x1713c8574a0a0c6f)) ;; i16x8.shr_u 15
(assert_return (invoke "vector" (i32.const 65) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i16x8.shr_u 16
(assert_return (invoke "vector" (i32.const 66) (i32.const 1)) (i64.const 0x221a5cd8a213aa94)) ;; i16x8.shr_u 17
(assert_return (invoke "vector" (i32.const 67) (i32.const 1)) (i64.const 0x1713c8574a0a0c6f)) ;; i16x8.shr_u 31
(assert_return (invoke "vector" (i32.const 68) (i32.const 1)) (i64.const 0x1713c8574a0a0c6f)) ;; i16x8.shr_u 255
(assert_return (invoke "vector" (i32.const 69) (i32.const 1)) (i64.const 0x1713c8574a0a0c6f)) ;; i16x8.shr_u -1
(assert_return (invoke "vector" (i32.const 70) (i32.const 16)) (i64.const 0xdf6dc9cb6d695053)) ;; i16x8.shr_u
(assert_return (invoke "vector" (i32.const 71) (i32.const 16)) (i64.const 0x6bc052f4ea44a20c)) ;; i16x8.shr_u kept
(assert_return (invoke "vector" (i32.const 72) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i32x4.shl 0
(assert_return (invoke "vector" (i32.const 73) (i32.const 1)) (i64.const 0x176b48b8a5a670cb)) ;; i32x4.shl 1
(assert_return (invoke "vector" (i32.const 74) (i32.const 1)) (i64.const 0xc5dd139e72d408b)) ;; i32x4.shl 15
(assert_return (invoke "vector" (i32.const 75) (i32.const 1)) (i64.const 0x8d3d9b63a6b96c23)) ;; i32x4.shl 16
(assert_return (invoke "vector" (i32.const 76) (i32.const 1)) (i64.const 0x86f3fce20420d1c5)) ;; i32x4.shl 31
(assert_return (invoke "vector" (i32.const 77) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i32x4.shl 32
(assert_return (invoke "vector" (i32.const 78) (i32.const 1)) (i64.const 0x176b48b8a5a670cb)) ;; i32x4.shl 33
(assert_return (invoke "vector" (i32.const 79) (i32.const 1)) (i64.const 0x86f3fce20420d1c5)) ;; i32x4.shl 63
(assert_return (invoke "vector" (i32.const 80) (i32.const 1)) (i64.const 0x86f3fce20420d1c5)) ;; i32x4.shl 255
(assert_return (invoke "vector" (i32.const 81) (i32.const 1)) (i64.const 0x86f3fce20420d1c5)) ;; i32x4.shl -1
(assert_return (invoke "vector" (i32.const 82) (i32.const 16)) (i64.const 0xf634b1a1c70d889b)) ;; i32x4.shl
(assert_return (invoke "vector" (i32.const 83) (i32.const 16)) (i64.const 0x60a644dbf6a668a3)) ;; i32x4.shl kept
(assert_return (invoke "vector" (i32.const 84) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i32x4.shr_s 0
(assert_return (invoke "vector" (i32.const 85) (i32.const 1)) (i64.const 0xd97d10a2560bce85)) ;; i32x4.shr_s 1
(assert_return (invoke "vector" (i32.const 86) (i32.const 1)) (i64.const 0x9bb92bc2bee04e3b)) ;; i32x4.shr_s 15
(assert_return (invoke "vector" (i32.const 87) (i32.const 1)) (i64.const 0x3222bf118ee681c)) ;; i32x4.shr_s 16
(assert_return (invoke "vector" (i32.const 88) (i32.const 1)) (i64.const 0xada5eac85c3923b9)) ;; i32x4.shr_s 31
(assert_return (invoke "vector" (i32.const 89) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i32x4.shr_s 32
(assert_return (invoke "vector" (i32.const 90) (i32.const 1)) (i64.const 0xd97d10a2560bce85)) ;; i32x4.shr_s 33
(assert_return (invoke "vector" (i32.const 91) (i32.const 1)) (i64.const 0xada5eac85c3923b9)) ;; i32x4.shr_s 63
(assert_return (invoke "vector" (i32.const 92) (i32.const 1)) (i64.const 0xada5eac85c3923b9)) ;; i32x4.shr_s 255
(assert_return (invoke "vector" (i32.const 93) (i32.const 1)) (i64.const 0xada5eac85c3923b9)) ;; i32x4.shr_s -1
(assert_return (invoke "vector" (i32.const 94) (i32.const 16)) (i64.const 0x797b0f2eaa6ae7c3)) ;; i32x4.shr_s
(assert_return (invoke "vector" (i32.const 95) (i32.const 16)) (i64.const 0x36edc6ff1ecf6e4e)) ;; i32x4.shr_s kept
(assert_return (invoke "vector" (i32.const 96) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i32x4.shr_u 0
(assert_return (invoke "vector" (i32.const 97) (i32.const 1)) (i64.const 0x7360864105b4cd07)) ;; i32x4.shr_u 1
(assert_return (invoke "vector" (i32.const 98) (i32.const 1)) (i64.const 0x7b3edd8e9e000f12)) ;; i32x4.shr_u 15
(assert_return (invoke "vector" (i32.const 99) (i32.const 1)) (i64.const 0x3b65a465f200bb47)) ;; i32x4.shr_u 16
(assert_return (invoke "vector" (i32.const 100) (i32.const 1)) (i64.const 0x5fb55144ff8f0ca6)) ;; i32x4.shr_u 31
(assert_return (invoke "vector" (i32.const 101) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i32x4.shr_u 32
(assert_return (invoke "vector" (i32.const 102) (i32.const 1)) (i64.const 0x7360864105b4cd07)) ;; i32x4.shr_u 33
(assert_return (invoke "vector" (i32.const 103) (i32.const 1)) (i64.const 0x5fb55144ff8f0ca6)) ;; i32x4.shr_u 63
(assert_return (invoke "vector" (i32.const 104) (i32.const 1)) (i64.const 0x5fb55144ff8f0ca6)) ;; i32x4.shr_u 255
(assert_return (invoke "vector" (i32.const 105) (i32.const 1)) (i64.const 0x5fb55144ff8f0ca6)) ;; i32x4.shr_u -1
(assert_return (invoke "vector" (i32.const 106) (i32.const 16)) (i64.const 0x61274c45dbefdb8f)) ;; i32x4.shr_u
(assert_return (invoke "vector" (i32.const 107) (i32.const 16)) (i64.const 0x980ece9b918fd1b4)) ;; i32x4.shr_u kept
(assert_return (invoke "vector" (i32.const 108) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i64x2.shl 0
(assert_return (invoke "vector" (i32.const 109) (i32.const 1)) (i64.const 0x8326b6ede507e533)) ;; i64x2.shl 1
(assert_return (invoke "vector" (i32.const 110) (i32.const 1)) (i64.const 0x240772d0123b7ffb)) ;; i64x2.shl 31
(assert_return (invoke "vector" (i32.const 111) (i32.const 1)) (i64.const 0x839e08ca40903e35)) ;; i64x2.shl 32
(assert_return (invoke "vector" (i32.const 112) (i32.const 1)) (i64.const 0xf22ab3851d45f911)) ;; i64x2.shl 63
(assert_return (invoke "vector" (i32.const 113) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i64x2.shl 64
(assert_return (invoke "vector" (i32.const 114) (i32.const 1)) (i64.const 0x8326b6ede507e533)) ;; i64x2.shl 65
(assert_return (invoke "vector" (i32.const 115) (i32.const 1)) (i64.const 0xf22ab3851d45f911)) ;; i64x2.shl 127
(assert_return (invoke "vector" (i32.const 116) (i32.const 1)) (i64.const 0xf22ab3851d45f911)) ;; i64x2.shl 255
(assert_return (invoke "vector" (i32.const 117) (i32.const 1)) (i64.const 0xf22ab3851d45f911)) ;; i64x2.shl -1
(assert_return (invoke "vector" (i32.const 118) (i32.const 16)) (i64.const 0x546ab29c3dbf3c9d)) ;; i64x2.shl
(assert_return (invoke "vector" (i32.const 119) (i32.const 16)) (i64.const 0xa49081e2ac650569)) ;; i64x2.shl kept
(assert_return (invoke "vector" (i32.const 120) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i64x2.shr_s 0
(assert_return (invoke "vector" (i32.const 121) (i32.const 1)) (i64.const 0x4a13bd5f52d03e0e)) ;; i64x2.shr_s 1
(assert_return (invoke "vector" (i32.const 122) (i32.const 1)) (i64.const 0x8817ffa52af46055)) ;; i64x2.shr_s 31
(assert_return (invoke "vector" (i32.const 123) (i32.const 1)) (i64.const 0x346804796ae240d5)) ;; i64x2.shr_s 32
(assert_return (invoke "vector" (i32.const 124) (i32.const 1)) (i64.const 0x65b39f50fb54fdf8)) ;; i64x2.shr_s 63
(assert_return (invoke "vector" (i32.const 125) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i64x2.shr_s 64
(assert_return (invoke "vector" (i32.const 126) (i32.const 1)) (i64.const 0x4a13bd5f52d03e0e)) ;; i64x2.shr_s 65
(assert_return (invoke "vector" (i32.const 127) (i32.const 1)) (i64.const 0x65b39f50fb54fdf8)) ;; i64x2.shr_s 127
(assert_return (invoke "vector" (i32.const 128) (i32.const 1)) (i64.const 0x65b39f50fb54fdf8)) ;; i64x2.shr_s 255
(assert_return (invoke "vector" (i32.const 129) (i32.const 1)) (i64.const 0x65b39f50fb54fdf8)) ;; i64x2.shr_s -1
(assert_return (invoke "vector" (i32.const 130) (i32.const 16)) (i64.const 0xb2fbacadadbfd222)) ;; i64x2.shr_s
(assert_return (invoke "vector" (i32.const 131) (i32.const 16)) (i64.const 0xf0ff372690a3d2b4)) ;; i64x2.shr_s kept
(assert_return (invoke "vector" (i32.const 132) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i64x2.shr_u 0
(assert_return (invoke "vector" (i32.const 133) (i32.const 1)) (i64.const 0x7e650fdeb0ad1578)) ;; i64x2.shr_u 1
(assert_return (invoke "vector" (i32.const 134) (i32.const 1)) (i64.const 0xde04e0badf2031a9)) ;; i64x2.shr_u 31
(assert_return (invoke "vector" (i32.const 135) (i32.const 1)) (i64.const 0x368d003174449bd3)) ;; i64x2.shr_u 32
(assert_return (invoke "vector" (i32.const 136) (i32.const 1)) (i64.const 0xa0b4bb393e5c688d)) ;; i64x2.shr_u 63
(assert_return (invoke "vector" (i32.const 137) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; i64x2.shr_u 64
(assert_return (invoke "vector" (i32.const 138) (i32.const 1)) (i64.const 0x7e650fdeb0ad1578)) ;; i64x2.shr_u 65
(assert_return (invoke "vector" (i32.const 139) (i32.const 1)) (i64.const 0xa0b4bb393e5c688d)) ;; i64x2.shr_u 127
(assert_return (invoke "vector" (i32.const 140) (i32.const 1)) (i64.const 0xa0b4bb393e5c688d)) ;; i64x2.shr_u 255
(assert_return (invoke "vector" (i32.const 141) (i32.const 1)) (i64.const 0xa0b4bb393e5c688d)) ;; i64x2.shr_u -1
(assert_return (invoke "vector" (i32.const 142) (i32.const 16)) (i64.const 0xd20442bc6a6b3644)) ;; i64x2.shr_u
(assert_return (invoke "vector" (i32.const 143) (i32.const 16)) (i64.const 0x55e1a98c8652c0d9)) ;; i64x2.shr_u kept
