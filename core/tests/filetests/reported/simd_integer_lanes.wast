;; Kind: miscompile, SIMD integer arithmetic lane by lane at the ends of each range, and folds of it. wasmi #1423, simde #985, wazero #2198.
(module
  (type $v (func (param v128 v128) (result v128)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\00\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\0b\30\55\7a\9f\c4\e9\0e\33\58\7d\a2\c7\ec\11\36\80\80\80\80\80\80\80\80\80\80\80\80\80\80\80\80\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\00\80\00\80\00\80\00\80\00\80\00\80\00\80\00\80\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\00\00\00\80\ff\ff\ff\7f\ff\ff\ff\ff\01\00\00\00\00\00\00\00\00\00\00\80\ff\ff\ff\ff\ff\ff\ff\7f\ff\ff\ff\ff\00\00\00\00\00\00\00\00\01\00\00\00\ff\ee\dd\cc\bb\aa\99\88\77\66\55\44\33\22\11\00\ff\ff\01\00\00\80\ff\7f\ff\00\00\ff\80\00\7f\ff\00\10\1f\0f\80\ff\f0\07\08\09\01\02\03\64\c8\11\fe\ff\ff\ff\ff\ff\00\00\00\00\ff\ff\00\80\00\00\be\ba\fe\ca\ef\be\ad\de\ef\cd\ab\89\67\45\23\01")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24 $f25 $f26 $f27 $f28 $f29 $f30 $f31 $f32 $f33 $f34 $f35 $f36 $f37 $f38 $f39 $f40 $f41 $f42 $f43 $f44 $f45 $f46 $f47 $f48 $f49 $f50 $f51 $f52 $f53 $f54 $f55 $f56 $f57))
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
  (func $f0 (type $v) (i8x16.add (local.get 0) (local.get 1)))
  (func $f1 (type $v) (i8x16.sub (local.get 0) (local.get 1)))
  (func $f2 (type $v) (i8x16.neg (local.get 0)))
  (func $f3 (type $v) (i8x16.abs (local.get 0)))
  (func $f4 (type $v) (i8x16.min_s (local.get 0) (local.get 1)))
  (func $f5 (type $v) (i8x16.min_u (local.get 0) (local.get 1)))
  (func $f6 (type $v) (i8x16.max_s (local.get 0) (local.get 1)))
  (func $f7 (type $v) (i8x16.max_u (local.get 0) (local.get 1)))
  (func $f8 (type $v) (i8x16.add_sat_s (local.get 0) (local.get 1)))
  (func $f9 (type $v) (i8x16.add_sat_u (local.get 0) (local.get 1)))
  (func $f10 (type $v) (i8x16.sub_sat_s (local.get 0) (local.get 1)))
  (func $f11 (type $v) (i8x16.sub_sat_u (local.get 0) (local.get 1)))
  (func $f12 (type $v) (i8x16.avgr_u (local.get 0) (local.get 1)))
  (func $f13 (type $v) (i16x8.add (local.get 0) (local.get 1)))
  (func $f14 (type $v) (i16x8.sub (local.get 0) (local.get 1)))
  (func $f15 (type $v) (i16x8.mul (local.get 0) (local.get 1)))
  (func $f16 (type $v) (i16x8.neg (local.get 0)))
  (func $f17 (type $v) (i16x8.abs (local.get 0)))
  (func $f18 (type $v) (i16x8.min_s (local.get 0) (local.get 1)))
  (func $f19 (type $v) (i16x8.min_u (local.get 0) (local.get 1)))
  (func $f20 (type $v) (i16x8.max_s (local.get 0) (local.get 1)))
  (func $f21 (type $v) (i16x8.max_u (local.get 0) (local.get 1)))
  (func $f22 (type $v) (i16x8.add_sat_s (local.get 0) (local.get 1)))
  (func $f23 (type $v) (i16x8.add_sat_u (local.get 0) (local.get 1)))
  (func $f24 (type $v) (i16x8.sub_sat_s (local.get 0) (local.get 1)))
  (func $f25 (type $v) (i16x8.sub_sat_u (local.get 0) (local.get 1)))
  (func $f26 (type $v) (i16x8.avgr_u (local.get 0) (local.get 1)))
  (func $f27 (type $v) (i32x4.add (local.get 0) (local.get 1)))
  (func $f28 (type $v) (i32x4.sub (local.get 0) (local.get 1)))
  (func $f29 (type $v) (i32x4.mul (local.get 0) (local.get 1)))
  (func $f30 (type $v) (i32x4.neg (local.get 0)))
  (func $f31 (type $v) (i32x4.abs (local.get 0)))
  (func $f32 (type $v) (i32x4.min_s (local.get 0) (local.get 1)))
  (func $f33 (type $v) (i32x4.min_u (local.get 0) (local.get 1)))
  (func $f34 (type $v) (i32x4.max_s (local.get 0) (local.get 1)))
  (func $f35 (type $v) (i32x4.max_u (local.get 0) (local.get 1)))
  (func $f36 (type $v) (i64x2.add (local.get 0) (local.get 1)))
  (func $f37 (type $v) (i64x2.sub (local.get 0) (local.get 1)))
  (func $f38 (type $v) (i64x2.mul (local.get 0) (local.get 1)))
  (func $f39 (type $v) (i64x2.neg (local.get 0)))
  (func $f40 (type $v) (i64x2.abs (local.get 0)))
  (func $f41 (type $v) (i8x16.popcnt (local.get 0)))
  (func $f42 (type $v) (i16x8.q15mulr_sat_s (local.get 0) (local.get 1)))
  (func $f43 (type $v) (i16x8.q15mulr_sat_s (local.get 0) (local.get 0)))
  (func $f44 (type $v) (v128.and (local.get 0) (local.get 1)))
  (func $f45 (type $v) (v128.or (local.get 0) (local.get 1)))
  (func $f46 (type $v) (v128.xor (local.get 0) (local.get 1)))
  (func $f47 (type $v) (v128.andnot (local.get 0) (local.get 1)))
  (func $f48 (type $v) (v128.not (local.get 0)))
  (func $f49 (type $v) (v128.not (v128.not (local.get 0))))
  (func $f50 (type $v) (v128.bitselect (local.get 0) (local.get 1) (v128.xor (local.get 0) (local.get 1))))
  (func $f51 (type $v) (v128.andnot (local.get 0) (v128.not (local.get 1))))
  (func $f52 (type $v) (i8x16.min_u (i8x16.max_u (local.get 0) (v128.const i8x16 16 16 16 16 16 16 16 16 16 16 16 16 16 16 16 16)) (local.get 1)))
  (func $f53 (type $v) (i32x4.sub (v128.const i64x2 0 0) (local.get 0)))
  (func $f54 (type $v) (i16x8.sub (local.get 0) (local.get 0)))
  (func $f55 (type $v) (i32x4.mul (local.get 0) (i32x4.splat (i32.const 8))))
  (func $f56 (type $v) (i64x2.mul (local.get 0) (i64x2.splat (i64.const -1))))
  (func $f57 (type $v) (i64x2.abs (i64x2.neg (local.get 0)))))
(assert_return (invoke "vector" (i32.const 0) (i32.const 16)) (i64.const 0x2956c0257a37cc7f)) ;; i8x16.add
(assert_return (invoke "vector" (i32.const 1) (i32.const 16)) (i64.const 0x16f897d1ec65628d)) ;; i8x16.sub
(assert_return (invoke "vector" (i32.const 2) (i32.const 1)) (i64.const 0x21dd66ead389f61d)) ;; i8x16.neg
(assert_return (invoke "vector" (i32.const 3) (i32.const 1)) (i64.const 0xd1d5180d2a4b17d6)) ;; i8x16.abs
(assert_return (invoke "vector" (i32.const 4) (i32.const 16)) (i64.const 0xf50832f57c0b7c12)) ;; i8x16.min_s
(assert_return (invoke "vector" (i32.const 5) (i32.const 16)) (i64.const 0xe75abfcdfb99b090)) ;; i8x16.min_u
(assert_return (invoke "vector" (i32.const 6) (i32.const 16)) (i64.const 0x1d5964d32ec4ed56)) ;; i8x16.max_s
(assert_return (invoke "vector" (i32.const 7) (i32.const 16)) (i64.const 0xbd23569d9204e63a)) ;; i8x16.max_u
(assert_return (invoke "vector" (i32.const 8) (i32.const 16)) (i64.const 0x97652467435f0c73)) ;; i8x16.add_sat_s
(assert_return (invoke "vector" (i32.const 9) (i32.const 16)) (i64.const 0xdb64e17a88fcad5c)) ;; i8x16.add_sat_u
(assert_return (invoke "vector" (i32.const 10) (i32.const 16)) (i64.const 0x91685dfcbacc30f4)) ;; i8x16.sub_sat_s
(assert_return (invoke "vector" (i32.const 11) (i32.const 16)) (i64.const 0xb37564ae8f6294df)) ;; i8x16.sub_sat_u
(assert_return (invoke "vector" (i32.const 12) (i32.const 16)) (i64.const 0xb3eb21e98c717029)) ;; i8x16.avgr_u
(assert_return (invoke "vector" (i32.const 13) (i32.const 16)) (i64.const 0x5f1e8b101731ef5a)) ;; i16x8.add
(assert_return (invoke "vector" (i32.const 14) (i32.const 16)) (i64.const 0x63cfe4e3366b9d1e)) ;; i16x8.sub
(assert_return (invoke "vector" (i32.const 15) (i32.const 16)) (i64.const 0x6d59ee7453f48d71)) ;; i16x8.mul
(assert_return (invoke "vector" (i32.const 16) (i32.const 1)) (i64.const 0xeca9f21c43fa436)) ;; i16x8.neg
(assert_return (invoke "vector" (i32.const 17) (i32.const 1)) (i64.const 0x5c014e84278eb5b9)) ;; i16x8.abs
(assert_return (invoke "vector" (i32.const 18) (i32.const 16)) (i64.const 0x30c793a493a9a02)) ;; i16x8.min_s
(assert_return (invoke "vector" (i32.const 19) (i32.const 16)) (i64.const 0x4593686a3f9b64e9)) ;; i16x8.min_u
(assert_return (invoke "vector" (i32.const 20) (i32.const 16)) (i64.const 0x1aa4155369dbe100)) ;; i16x8.max_s
(assert_return (invoke "vector" (i32.const 21) (i32.const 16)) (i64.const 0x16a87fc6818887d6)) ;; i16x8.max_u
(assert_return (invoke "vector" (i32.const 22) (i32.const 16)) (i64.const 0xa06f389cbbdb175)) ;; i16x8.add_sat_s
(assert_return (invoke "vector" (i32.const 23) (i32.const 16)) (i64.const 0x2bf42be2fcc73503)) ;; i16x8.add_sat_u
(assert_return (invoke "vector" (i32.const 24) (i32.const 16)) (i64.const 0x90089e8fb3243118)) ;; i16x8.sub_sat_s
(assert_return (invoke "vector" (i32.const 25) (i32.const 16)) (i64.const 0x2318434c428f3937)) ;; i16x8.sub_sat_u
(assert_return (invoke "vector" (i32.const 26) (i32.const 16)) (i64.const 0x275ba75fc01e96f6)) ;; i16x8.avgr_u
(assert_return (invoke "vector" (i32.const 27) (i32.const 16)) (i64.const 0x13102a380ee67750)) ;; i32x4.add
(assert_return (invoke "vector" (i32.const 28) (i32.const 16)) (i64.const 0xfa592dd086214a02)) ;; i32x4.sub
(assert_return (invoke "vector" (i32.const 29) (i32.const 16)) (i64.const 0x4e56c8bf287ef1f)) ;; i32x4.mul
(assert_return (invoke "vector" (i32.const 30) (i32.const 1)) (i64.const 0xd4d2cc2d537dbf36)) ;; i32x4.neg
(assert_return (invoke "vector" (i32.const 31) (i32.const 1)) (i64.const 0x9464e70fde5fff91)) ;; i32x4.abs
(assert_return (invoke "vector" (i32.const 32) (i32.const 16)) (i64.const 0x4cdd76293601f935)) ;; i32x4.min_s
(assert_return (invoke "vector" (i32.const 33) (i32.const 16)) (i64.const 0xe6253c33da21af6c)) ;; i32x4.min_u
(assert_return (invoke "vector" (i32.const 34) (i32.const 16)) (i64.const 0x89e1f56ebf43227)) ;; i32x4.max_s
(assert_return (invoke "vector" (i32.const 35) (i32.const 16)) (i64.const 0x34aca906732be8e0)) ;; i32x4.max_u
(assert_return (invoke "vector" (i32.const 36) (i32.const 16)) (i64.const 0xffc25f3cfd53b440)) ;; i64x2.add
(assert_return (invoke "vector" (i32.const 37) (i32.const 16)) (i64.const 0x695a3afef14d9902)) ;; i64x2.sub
(assert_return (invoke "vector" (i32.const 38) (i32.const 16)) (i64.const 0x21c0d4a5669af011)) ;; i64x2.mul
(assert_return (invoke "vector" (i32.const 39) (i32.const 1)) (i64.const 0x76685f81d5f961c1)) ;; i64x2.neg
(assert_return (invoke "vector" (i32.const 40) (i32.const 1)) (i64.const 0x1e44a38253544a30)) ;; i64x2.abs
(assert_return (invoke "vector" (i32.const 41) (i32.const 1)) (i64.const 0x1a630e2ed1ad0681)) ;; popcnt
(assert_return (invoke "vector" (i32.const 42) (i32.const 16)) (i64.const 0x33dcff9fa3b78793)) ;; q15
(assert_return (invoke "vector" (i32.const 43) (i32.const 1)) (i64.const 0x7c01ef7af014b64c)) ;; q15 same
(assert_return (invoke "vector" (i32.const 44) (i32.const 16)) (i64.const 0xced6cf2d5de372d8)) ;; and
(assert_return (invoke "vector" (i32.const 45) (i32.const 16)) (i64.const 0x5929460c32499e32)) ;; or
(assert_return (invoke "vector" (i32.const 46) (i32.const 16)) (i64.const 0xb953e96211ce6cf2)) ;; xor
(assert_return (invoke "vector" (i32.const 47) (i32.const 16)) (i64.const 0xbb44e37134b483ef)) ;; andnot
(assert_return (invoke "vector" (i32.const 48) (i32.const 1)) (i64.const 0xe0b5f042d6425bbc)) ;; not
(assert_return (invoke "vector" (i32.const 49) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; not not
(assert_return (invoke "vector" (i32.const 50) (i32.const 16)) (i64.const 0xa8be7eae4d90b905)) ;; bitselect
(assert_return (invoke "vector" (i32.const 51) (i32.const 16)) (i64.const 0xced6cf2d5de372d8)) ;; andnot not
(assert_return (invoke "vector" (i32.const 52) (i32.const 16)) (i64.const 0x2a44de1e99687074)) ;; min chain
(assert_return (invoke "vector" (i32.const 53) (i32.const 1)) (i64.const 0xd4d2cc2d537dbf36)) ;; neg by sub
(assert_return (invoke "vector" (i32.const 54) (i32.const 1)) (i64.const 0x0)) ;; x minus x
(assert_return (invoke "vector" (i32.const 55) (i32.const 1)) (i64.const 0xd0bde7a0de0cabb6)) ;; mul by a power
(assert_return (invoke "vector" (i32.const 56) (i32.const 1)) (i64.const 0x76685f81d5f961c1)) ;; mul64 by -1
(assert_return (invoke "vector" (i32.const 57) (i32.const 1)) (i64.const 0x1e44a38253544a30)) ;; i64x2.abs of min
