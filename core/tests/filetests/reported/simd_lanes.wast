;; Kind: miscompile, lanes taken, put and spread, and swizzle with indices above 15; what is above a lane is zero or kept. GHSA-jqwc-c49r-4w2x, Wasmtime #10906.
(module
  (type $v (func (param v128 v128) (result v128)))
  (type $s (func (param v128 v128) (result i64)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\00\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\0b\30\55\7a\9f\c4\e9\0e\33\58\7d\a2\c7\ec\11\36\80\80\80\80\80\80\80\80\80\80\80\80\80\80\80\80\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\00\80\00\80\00\80\00\80\00\80\00\80\00\80\00\80\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\00\00\00\80\ff\ff\ff\7f\ff\ff\ff\ff\01\00\00\00\00\00\00\00\00\00\00\80\ff\ff\ff\ff\ff\ff\ff\7f\ff\ff\ff\ff\00\00\00\00\00\00\00\00\01\00\00\00\ff\ee\dd\cc\bb\aa\99\88\77\66\55\44\33\22\11\00\ff\ff\01\00\00\80\ff\7f\ff\00\00\ff\80\00\7f\ff\00\10\1f\0f\80\ff\f0\07\08\09\01\02\03\64\c8\11\fe\ff\ff\ff\ff\ff\00\00\00\00\ff\ff\00\80\00\00\be\ba\fe\ca\ef\be\ad\de\ef\cd\ab\89\67\45\23\01")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24 $f25 $f26 $f27 $f28 $f29 $f30 $f31 $f32 $f33 $f34 $f35 $f36 $f37 $f38 $f39 $f40 $f41 $f42 $f43 $f44 $f45 $f46 $f47 $f48 $f49 $f50 $f51 $f52 $f53 $f54 $f55 $f56 $f57 $f58 $f59 $f60 $f61 $f62 $f63 $f64 $f65 $f66 $f67 $f68 $f69 $f70 $f71 $f72 $f73 $f74 $f75 $f76 $f77 $f78 $f79 $f80 $f81 $f82 $f83 $f84 $f85 $f86 $f87 $f88 $f89 $f90 $f91 $f92 $f93 $f94 $f95))
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
  (func (export "scalar") (param $f i32) (param $n i32) (result i64) (local $h i64) (local $i i32) (local $j i32) (local $a v128)
    (loop $o
      (local.set $a (v128.load (i32.shl (local.get $i) (i32.const 4))))
      (local.set $j (i32.const 0))
      (loop $p
        (local.set $h (call $mix (local.get $h) (call_indirect (type $s) (local.get $a) (if (result v128) (i32.eq (local.get $n) (i32.const 1)) (then (local.get $a)) (else (v128.load (i32.shl (local.get $j) (i32.const 4))))) (local.get $f))))
        (br_if $p (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $o (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 16))))
    (local.get $h))
  (func $f0 (type $s) (i64.extend_i32_u (i8x16.extract_lane_u 0 (local.get 0))))
  (func $f1 (type $s) (i64.extend_i32_u (i8x16.extract_lane_s 0 (local.get 0))))
  (func $f2 (type $v) (i8x16.replace_lane 0 (local.get 0) (i8x16.extract_lane_u 15 (local.get 1))))
  (func $f3 (type $v) (i8x16.splat (i8x16.extract_lane_u 0 (local.get 0))))
  (func $f4 (type $v) (i8x16.replace_lane 0 (local.get 0) (i32.const -2)))
  (func $f5 (type $v) (i8x16.replace_lane 0 (v128.const i64x2 0 0) (i8x16.extract_lane_u 15 (local.get 0))))
  (func $f6 (type $s) (i64.extend_i32_u (i8x16.extract_lane_u 1 (local.get 0))))
  (func $f7 (type $s) (i64.extend_i32_u (i8x16.extract_lane_s 1 (local.get 0))))
  (func $f8 (type $v) (i8x16.replace_lane 1 (local.get 0) (i8x16.extract_lane_u 14 (local.get 1))))
  (func $f9 (type $v) (i8x16.splat (i8x16.extract_lane_u 1 (local.get 0))))
  (func $f10 (type $v) (i8x16.replace_lane 1 (local.get 0) (i32.const -2)))
  (func $f11 (type $v) (i8x16.replace_lane 1 (v128.const i64x2 0 0) (i8x16.extract_lane_u 14 (local.get 0))))
  (func $f12 (type $s) (i64.extend_i32_u (i8x16.extract_lane_u 8 (local.get 0))))
  (func $f13 (type $s) (i64.extend_i32_u (i8x16.extract_lane_s 8 (local.get 0))))
  (func $f14 (type $v) (i8x16.replace_lane 8 (local.get 0) (i8x16.extract_lane_u 7 (local.get 1))))
  (func $f15 (type $v) (i8x16.splat (i8x16.extract_lane_u 8 (local.get 0))))
  (func $f16 (type $v) (i8x16.replace_lane 8 (local.get 0) (i32.const -2)))
  (func $f17 (type $v) (i8x16.replace_lane 8 (v128.const i64x2 0 0) (i8x16.extract_lane_u 7 (local.get 0))))
  (func $f18 (type $s) (i64.extend_i32_u (i8x16.extract_lane_u 15 (local.get 0))))
  (func $f19 (type $s) (i64.extend_i32_u (i8x16.extract_lane_s 15 (local.get 0))))
  (func $f20 (type $v) (i8x16.replace_lane 15 (local.get 0) (i8x16.extract_lane_u 0 (local.get 1))))
  (func $f21 (type $v) (i8x16.splat (i8x16.extract_lane_u 15 (local.get 0))))
  (func $f22 (type $v) (i8x16.replace_lane 15 (local.get 0) (i32.const -2)))
  (func $f23 (type $v) (i8x16.replace_lane 15 (v128.const i64x2 0 0) (i8x16.extract_lane_u 0 (local.get 0))))
  (func $f24 (type $s) (i64.extend_i32_u (i16x8.extract_lane_u 0 (local.get 0))))
  (func $f25 (type $s) (i64.extend_i32_u (i16x8.extract_lane_s 0 (local.get 0))))
  (func $f26 (type $v) (i16x8.replace_lane 0 (local.get 0) (i16x8.extract_lane_u 7 (local.get 1))))
  (func $f27 (type $v) (i16x8.splat (i16x8.extract_lane_u 0 (local.get 0))))
  (func $f28 (type $v) (i16x8.replace_lane 0 (local.get 0) (i32.const -2)))
  (func $f29 (type $v) (i16x8.replace_lane 0 (v128.const i64x2 0 0) (i16x8.extract_lane_u 7 (local.get 0))))
  (func $f30 (type $s) (i64.extend_i32_u (i16x8.extract_lane_u 1 (local.get 0))))
  (func $f31 (type $s) (i64.extend_i32_u (i16x8.extract_lane_s 1 (local.get 0))))
  (func $f32 (type $v) (i16x8.replace_lane 1 (local.get 0) (i16x8.extract_lane_u 6 (local.get 1))))
  (func $f33 (type $v) (i16x8.splat (i16x8.extract_lane_u 1 (local.get 0))))
  (func $f34 (type $v) (i16x8.replace_lane 1 (local.get 0) (i32.const -2)))
  (func $f35 (type $v) (i16x8.replace_lane 1 (v128.const i64x2 0 0) (i16x8.extract_lane_u 6 (local.get 0))))
  (func $f36 (type $s) (i64.extend_i32_u (i16x8.extract_lane_u 4 (local.get 0))))
  (func $f37 (type $s) (i64.extend_i32_u (i16x8.extract_lane_s 4 (local.get 0))))
  (func $f38 (type $v) (i16x8.replace_lane 4 (local.get 0) (i16x8.extract_lane_u 3 (local.get 1))))
  (func $f39 (type $v) (i16x8.splat (i16x8.extract_lane_u 4 (local.get 0))))
  (func $f40 (type $v) (i16x8.replace_lane 4 (local.get 0) (i32.const -2)))
  (func $f41 (type $v) (i16x8.replace_lane 4 (v128.const i64x2 0 0) (i16x8.extract_lane_u 3 (local.get 0))))
  (func $f42 (type $s) (i64.extend_i32_u (i16x8.extract_lane_u 7 (local.get 0))))
  (func $f43 (type $s) (i64.extend_i32_u (i16x8.extract_lane_s 7 (local.get 0))))
  (func $f44 (type $v) (i16x8.replace_lane 7 (local.get 0) (i16x8.extract_lane_u 0 (local.get 1))))
  (func $f45 (type $v) (i16x8.splat (i16x8.extract_lane_u 7 (local.get 0))))
  (func $f46 (type $v) (i16x8.replace_lane 7 (local.get 0) (i32.const -2)))
  (func $f47 (type $v) (i16x8.replace_lane 7 (v128.const i64x2 0 0) (i16x8.extract_lane_u 0 (local.get 0))))
  (func $f48 (type $s) (i64.extend_i32_u (i32x4.extract_lane 0 (local.get 0))))
  (func $f49 (type $v) (i32x4.replace_lane 0 (local.get 0) (i32x4.extract_lane 3 (local.get 1))))
  (func $f50 (type $v) (i32x4.splat (i32x4.extract_lane 0 (local.get 0))))
  (func $f51 (type $v) (i32x4.replace_lane 0 (local.get 0) (i32.const -2)))
  (func $f52 (type $v) (i32x4.replace_lane 0 (v128.const i64x2 0 0) (i32x4.extract_lane 3 (local.get 0))))
  (func $f53 (type $s) (i64.extend_i32_u (i32x4.extract_lane 1 (local.get 0))))
  (func $f54 (type $v) (i32x4.replace_lane 1 (local.get 0) (i32x4.extract_lane 2 (local.get 1))))
  (func $f55 (type $v) (i32x4.splat (i32x4.extract_lane 1 (local.get 0))))
  (func $f56 (type $v) (i32x4.replace_lane 1 (local.get 0) (i32.const -2)))
  (func $f57 (type $v) (i32x4.replace_lane 1 (v128.const i64x2 0 0) (i32x4.extract_lane 2 (local.get 0))))
  (func $f58 (type $s) (i64.extend_i32_u (i32x4.extract_lane 2 (local.get 0))))
  (func $f59 (type $v) (i32x4.replace_lane 2 (local.get 0) (i32x4.extract_lane 1 (local.get 1))))
  (func $f60 (type $v) (i32x4.splat (i32x4.extract_lane 2 (local.get 0))))
  (func $f61 (type $v) (i32x4.replace_lane 2 (local.get 0) (i32.const -2)))
  (func $f62 (type $v) (i32x4.replace_lane 2 (v128.const i64x2 0 0) (i32x4.extract_lane 1 (local.get 0))))
  (func $f63 (type $s) (i64.extend_i32_u (i32x4.extract_lane 3 (local.get 0))))
  (func $f64 (type $v) (i32x4.replace_lane 3 (local.get 0) (i32x4.extract_lane 0 (local.get 1))))
  (func $f65 (type $v) (i32x4.splat (i32x4.extract_lane 3 (local.get 0))))
  (func $f66 (type $v) (i32x4.replace_lane 3 (local.get 0) (i32.const -2)))
  (func $f67 (type $v) (i32x4.replace_lane 3 (v128.const i64x2 0 0) (i32x4.extract_lane 0 (local.get 0))))
  (func $f68 (type $s) (i64x2.extract_lane 0 (local.get 0)))
  (func $f69 (type $v) (i64x2.replace_lane 0 (local.get 0) (i64x2.extract_lane 1 (local.get 1))))
  (func $f70 (type $v) (i64x2.splat (i64x2.extract_lane 0 (local.get 0))))
  (func $f71 (type $v) (i64x2.replace_lane 0 (local.get 0) (i64.const -2)))
  (func $f72 (type $v) (i64x2.replace_lane 0 (v128.const i64x2 0 0) (i64x2.extract_lane 1 (local.get 0))))
  (func $f73 (type $s) (i64x2.extract_lane 1 (local.get 0)))
  (func $f74 (type $v) (i64x2.replace_lane 1 (local.get 0) (i64x2.extract_lane 0 (local.get 1))))
  (func $f75 (type $v) (i64x2.splat (i64x2.extract_lane 1 (local.get 0))))
  (func $f76 (type $v) (i64x2.replace_lane 1 (local.get 0) (i64.const -2)))
  (func $f77 (type $v) (i64x2.replace_lane 1 (v128.const i64x2 0 0) (i64x2.extract_lane 0 (local.get 0))))
  (func $f78 (type $s) (i64x2.extract_lane 1 (local.get 0)))
  (func $f79 (type $v) (i64x2.replace_lane 1 (local.get 0) (i64x2.extract_lane 0 (local.get 1))))
  (func $f80 (type $v) (i64x2.splat (i64x2.extract_lane 1 (local.get 0))))
  (func $f81 (type $v) (i64x2.replace_lane 1 (local.get 0) (i64.const -2)))
  (func $f82 (type $v) (i64x2.replace_lane 1 (v128.const i64x2 0 0) (i64x2.extract_lane 0 (local.get 0))))
  (func $f83 (type $s) (i64x2.extract_lane 1 (local.get 0)))
  (func $f84 (type $v) (i64x2.replace_lane 1 (local.get 0) (i64x2.extract_lane 0 (local.get 1))))
  (func $f85 (type $v) (i64x2.splat (i64x2.extract_lane 1 (local.get 0))))
  (func $f86 (type $v) (i64x2.replace_lane 1 (local.get 0) (i64.const -2)))
  (func $f87 (type $v) (i64x2.replace_lane 1 (v128.const i64x2 0 0) (i64x2.extract_lane 0 (local.get 0))))
  (func $f88 (type $v) (f32x4.replace_lane 2 (local.get 0) (f32.const -0)))
  (func $f89 (type $v) (f64x2.replace_lane 1 (local.get 0) (f64.const 1.5)))
  (func $f90 (type $v) (f32x4.replace_lane 0 (local.get 0) (f32x4.extract_lane 3 (local.get 1))))
  (func $f91 (type $v) (f64x2.splat (f64x2.extract_lane 1 (local.get 0))))
  (func $f92 (type $v) (i8x16.swizzle (local.get 0) (local.get 1)))
  (func $f93 (type $v) (i8x16.swizzle (local.get 0) (v128.const i8x16 15 16 31 32 127 128 129 255 0 1 2 3 4 5 6 7)))
  (func $f94 (type $v) (i8x16.swizzle (v128.const i8x16 9 8 7 6 5 4 3 2 1 0 -1 -2 -3 -4 -5 -6) (local.get 0)))
  (func $f95 (type $v) (i8x16.swizzle (local.get 0) (local.get 0))))
(assert_return (invoke "scalar" (i32.const 0) (i32.const 1)) (i64.const 0x2680538cb48096d2)) ;; i8x16 get 0
(assert_return (invoke "scalar" (i32.const 1) (i32.const 1)) (i64.const 0xb534568725f9702)) ;; i8x16 get s 0
(assert_return (invoke "vector" (i32.const 2) (i32.const 16)) (i64.const 0x6777a92fd32347e5)) ;; i8x16 put 0
(assert_return (invoke "vector" (i32.const 3) (i32.const 1)) (i64.const 0xb0c5948701a841cf)) ;; i8x16 splat 0
(assert_return (invoke "vector" (i32.const 4) (i32.const 1)) (i64.const 0x8b584dbf62bdb57a)) ;; i8x16 put constant 0
(assert_return (invoke "vector" (i32.const 5) (i32.const 1)) (i64.const 0x72218e4cea88ffa9)) ;; i8x16 one of zero 0
(assert_return (invoke "scalar" (i32.const 6) (i32.const 1)) (i64.const 0x763c3ec3852f9812)) ;; i8x16 get 1
(assert_return (invoke "scalar" (i32.const 7) (i32.const 1)) (i64.const 0x873a9f3970c7fe65)) ;; i8x16 get s 1
(assert_return (invoke "vector" (i32.const 8) (i32.const 16)) (i64.const 0x1c5c3fd9b4ddd08a)) ;; i8x16 put 1
(assert_return (invoke "vector" (i32.const 9) (i32.const 1)) (i64.const 0x23c95ebad2216a8e)) ;; i8x16 splat 1
(assert_return (invoke "vector" (i32.const 10) (i32.const 1)) (i64.const 0xe624987106c7b7ce)) ;; i8x16 put constant 1
(assert_return (invoke "vector" (i32.const 11) (i32.const 1)) (i64.const 0x8eb1681e69632f29)) ;; i8x16 one of zero 1
(assert_return (invoke "scalar" (i32.const 12) (i32.const 1)) (i64.const 0xe55af28677639238)) ;; i8x16 get 8
(assert_return (invoke "scalar" (i32.const 13) (i32.const 1)) (i64.const 0xd2a56af2439ae5d2)) ;; i8x16 get s 8
(assert_return (invoke "vector" (i32.const 14) (i32.const 16)) (i64.const 0xb2a9b17403aebb09)) ;; i8x16 put 8
(assert_return (invoke "vector" (i32.const 15) (i32.const 1)) (i64.const 0x9eb9e4f65dbf966b)) ;; i8x16 splat 8
(assert_return (invoke "vector" (i32.const 16) (i32.const 1)) (i64.const 0xca1f6046a1e43272)) ;; i8x16 put constant 8
(assert_return (invoke "vector" (i32.const 17) (i32.const 1)) (i64.const 0x8b916cb300d928d7)) ;; i8x16 one of zero 8
(assert_return (invoke "scalar" (i32.const 18) (i32.const 1)) (i64.const 0xb9e1502f696ce68b)) ;; i8x16 get 15
(assert_return (invoke "scalar" (i32.const 19) (i32.const 1)) (i64.const 0xb0788e195c7c47d2)) ;; i8x16 get s 15
(assert_return (invoke "vector" (i32.const 20) (i32.const 16)) (i64.const 0xcd8aac9bda29ca90)) ;; i8x16 put 15
(assert_return (invoke "vector" (i32.const 21) (i32.const 1)) (i64.const 0xa7b058916cc84176)) ;; i8x16 splat 15
(assert_return (invoke "vector" (i32.const 22) (i32.const 1)) (i64.const 0xc651fa157088ac58)) ;; i8x16 put constant 15
(assert_return (invoke "vector" (i32.const 23) (i32.const 1)) (i64.const 0xf32bce6cb1d3e3)) ;; i8x16 one of zero 15
(assert_return (invoke "scalar" (i32.const 24) (i32.const 1)) (i64.const 0x2332a8c9112aa6e9)) ;; i16x8 get 0
(assert_return (invoke "scalar" (i32.const 25) (i32.const 1)) (i64.const 0x3daa6e4839995f8)) ;; i16x8 get s 0
(assert_return (invoke "vector" (i32.const 26) (i32.const 16)) (i64.const 0x65e2a66df0b4920c)) ;; i16x8 put 0
(assert_return (invoke "vector" (i32.const 27) (i32.const 1)) (i64.const 0x815ee40fe694d1d7)) ;; i16x8 splat 0
(assert_return (invoke "vector" (i32.const 28) (i32.const 1)) (i64.const 0xfbcdd793a2de862b)) ;; i16x8 put constant 0
(assert_return (invoke "vector" (i32.const 29) (i32.const 1)) (i64.const 0xef598da30fe55d8f)) ;; i16x8 one of zero 0
(assert_return (invoke "scalar" (i32.const 30) (i32.const 1)) (i64.const 0xcdb5c3573322e11b)) ;; i16x8 get 1
(assert_return (invoke "scalar" (i32.const 31) (i32.const 1)) (i64.const 0x9073415fda428d0f)) ;; i16x8 get s 1
(assert_return (invoke "vector" (i32.const 32) (i32.const 16)) (i64.const 0x24e1aba8957f6e14)) ;; i16x8 put 1
(assert_return (invoke "vector" (i32.const 33) (i32.const 1)) (i64.const 0x992664e402349dde)) ;; i16x8 splat 1
(assert_return (invoke "vector" (i32.const 34) (i32.const 1)) (i64.const 0x421acab766a42372)) ;; i16x8 put constant 1
(assert_return (invoke "vector" (i32.const 35) (i32.const 1)) (i64.const 0x58a86366ded3ba1a)) ;; i16x8 one of zero 1
(assert_return (invoke "scalar" (i32.const 36) (i32.const 1)) (i64.const 0xd8fc30ff836c3e37)) ;; i16x8 get 4
(assert_return (invoke "scalar" (i32.const 37) (i32.const 1)) (i64.const 0xd02b19ab25510890)) ;; i16x8 get s 4
(assert_return (invoke "vector" (i32.const 38) (i32.const 16)) (i64.const 0xb6b66ad86d3d1229)) ;; i16x8 put 4
(assert_return (invoke "vector" (i32.const 39) (i32.const 1)) (i64.const 0xdb541a0f9c0c5745)) ;; i16x8 splat 4
(assert_return (invoke "vector" (i32.const 40) (i32.const 1)) (i64.const 0xf67987d20c630afd)) ;; i16x8 put constant 4
(assert_return (invoke "vector" (i32.const 41) (i32.const 1)) (i64.const 0x5bdb29c08e625e)) ;; i16x8 one of zero 4
(assert_return (invoke "scalar" (i32.const 42) (i32.const 1)) (i64.const 0xd460b8e5c7dffb55)) ;; i16x8 get 7
(assert_return (invoke "scalar" (i32.const 43) (i32.const 1)) (i64.const 0x592e18f275ca9014)) ;; i16x8 get s 7
(assert_return (invoke "vector" (i32.const 44) (i32.const 16)) (i64.const 0xcbe464dc16100338)) ;; i16x8 put 7
(assert_return (invoke "vector" (i32.const 45) (i32.const 1)) (i64.const 0xfa96116e2fa4ce3)) ;; i16x8 splat 7
(assert_return (invoke "vector" (i32.const 46) (i32.const 1)) (i64.const 0xce7027c191fdcab8)) ;; i16x8 put constant 7
(assert_return (invoke "vector" (i32.const 47) (i32.const 1)) (i64.const 0x8c798e8bd217d0a8)) ;; i16x8 one of zero 7
(assert_return (invoke "scalar" (i32.const 48) (i32.const 1)) (i64.const 0x8d6ca4c4a7824b01)) ;; i32x4 get 0
(assert_return (invoke "vector" (i32.const 49) (i32.const 16)) (i64.const 0x9737474b75093c4b)) ;; i32x4 put 0
(assert_return (invoke "vector" (i32.const 50) (i32.const 1)) (i64.const 0x5c2e6809aa0e69c9)) ;; i32x4 splat 0
(assert_return (invoke "vector" (i32.const 51) (i32.const 1)) (i64.const 0xf33ea709f46a1b8e)) ;; i32x4 put constant 0
(assert_return (invoke "vector" (i32.const 52) (i32.const 1)) (i64.const 0x877d67b1289e7e94)) ;; i32x4 one of zero 0
(assert_return (invoke "scalar" (i32.const 53) (i32.const 1)) (i64.const 0xa47a80227658c7cb)) ;; i32x4 get 1
(assert_return (invoke "vector" (i32.const 54) (i32.const 16)) (i64.const 0xe9292b8208a0c0aa)) ;; i32x4 put 1
(assert_return (invoke "vector" (i32.const 55) (i32.const 1)) (i64.const 0x5d9a21b1cc92bf64)) ;; i32x4 splat 1
(assert_return (invoke "vector" (i32.const 56) (i32.const 1)) (i64.const 0xaeba0a59f8dfbe8a)) ;; i32x4 put constant 1
(assert_return (invoke "vector" (i32.const 57) (i32.const 1)) (i64.const 0xb8ee40d0a9b7d69b)) ;; i32x4 one of zero 1
(assert_return (invoke "scalar" (i32.const 58) (i32.const 1)) (i64.const 0x5749e7d5f5b54ffa)) ;; i32x4 get 2
(assert_return (invoke "vector" (i32.const 59) (i32.const 16)) (i64.const 0x46c5272ee9e53d25)) ;; i32x4 put 2
(assert_return (invoke "vector" (i32.const 60) (i32.const 1)) (i64.const 0x9e505ef8706bd786)) ;; i32x4 splat 2
(assert_return (invoke "vector" (i32.const 61) (i32.const 1)) (i64.const 0x27c2fcef72784d7f)) ;; i32x4 put constant 2
(assert_return (invoke "vector" (i32.const 62) (i32.const 1)) (i64.const 0xbf69ac606a8dda15)) ;; i32x4 one of zero 2
(assert_return (invoke "scalar" (i32.const 63) (i32.const 1)) (i64.const 0x84781bf1537f9522)) ;; i32x4 get 3
(assert_return (invoke "vector" (i32.const 64) (i32.const 16)) (i64.const 0x25ad9abc05cf4b08)) ;; i32x4 put 3
(assert_return (invoke "vector" (i32.const 65) (i32.const 1)) (i64.const 0x6d4a78178009ccbb)) ;; i32x4 splat 3
(assert_return (invoke "vector" (i32.const 66) (i32.const 1)) (i64.const 0x3c74f7a7012a8c63)) ;; i32x4 put constant 3
(assert_return (invoke "vector" (i32.const 67) (i32.const 1)) (i64.const 0xf85857896d6d9899)) ;; i32x4 one of zero 3
(assert_return (invoke "scalar" (i32.const 68) (i32.const 1)) (i64.const 0x1a69fb805997baa6)) ;; i64x2 get 0
(assert_return (invoke "vector" (i32.const 69) (i32.const 16)) (i64.const 0x5009e49840717165)) ;; i64x2 put 0
(assert_return (invoke "vector" (i32.const 70) (i32.const 1)) (i64.const 0x45d37621a71f0c8b)) ;; i64x2 splat 0
(assert_return (invoke "vector" (i32.const 71) (i32.const 1)) (i64.const 0xdf8174a176b1b57e)) ;; i64x2 put constant 0
(assert_return (invoke "vector" (i32.const 72) (i32.const 1)) (i64.const 0x10ec2faa78947e03)) ;; i64x2 one of zero 0
(assert_return (invoke "scalar" (i32.const 73) (i32.const 1)) (i64.const 0x207895b8ba40d507)) ;; i64x2 get 1
(assert_return (invoke "vector" (i32.const 74) (i32.const 16)) (i64.const 0xa6de5b1ac4f8192b)) ;; i64x2 put 1
(assert_return (invoke "vector" (i32.const 75) (i32.const 1)) (i64.const 0x34ed1373634cf4d9)) ;; i64x2 splat 1
(assert_return (invoke "vector" (i32.const 76) (i32.const 1)) (i64.const 0x4bb6eb9e4547a4e8)) ;; i64x2 put constant 1
(assert_return (invoke "vector" (i32.const 77) (i32.const 1)) (i64.const 0x7b239243c95ea84d)) ;; i64x2 one of zero 1
(assert_return (invoke "scalar" (i32.const 78) (i32.const 1)) (i64.const 0x207895b8ba40d507)) ;; i64x2 get 1
(assert_return (invoke "vector" (i32.const 79) (i32.const 16)) (i64.const 0xa6de5b1ac4f8192b)) ;; i64x2 put 1
(assert_return (invoke "vector" (i32.const 80) (i32.const 1)) (i64.const 0x34ed1373634cf4d9)) ;; i64x2 splat 1
(assert_return (invoke "vector" (i32.const 81) (i32.const 1)) (i64.const 0x4bb6eb9e4547a4e8)) ;; i64x2 put constant 1
(assert_return (invoke "vector" (i32.const 82) (i32.const 1)) (i64.const 0x7b239243c95ea84d)) ;; i64x2 one of zero 1
(assert_return (invoke "scalar" (i32.const 83) (i32.const 1)) (i64.const 0x207895b8ba40d507)) ;; i64x2 get 1
(assert_return (invoke "vector" (i32.const 84) (i32.const 16)) (i64.const 0xa6de5b1ac4f8192b)) ;; i64x2 put 1
(assert_return (invoke "vector" (i32.const 85) (i32.const 1)) (i64.const 0x34ed1373634cf4d9)) ;; i64x2 splat 1
(assert_return (invoke "vector" (i32.const 86) (i32.const 1)) (i64.const 0x4bb6eb9e4547a4e8)) ;; i64x2 put constant 1
(assert_return (invoke "vector" (i32.const 87) (i32.const 1)) (i64.const 0x7b239243c95ea84d)) ;; i64x2 one of zero 1
(assert_return (invoke "vector" (i32.const 88) (i32.const 1)) (i64.const 0x6eb7851a60b89cb9)) ;; f32 put
(assert_return (invoke "vector" (i32.const 89) (i32.const 1)) (i64.const 0xac438d65d9410631)) ;; f64 put
(assert_return (invoke "vector" (i32.const 90) (i32.const 16)) (i64.const 0x9737474b75093c4b)) ;; f32 lane
(assert_return (invoke "vector" (i32.const 91) (i32.const 1)) (i64.const 0x34ed1373634cf4d9)) ;; f64 splat
(assert_return (invoke "vector" (i32.const 92) (i32.const 16)) (i64.const 0x82153dd7e070e2cf)) ;; swizzle
(assert_return (invoke "vector" (i32.const 93) (i32.const 1)) (i64.const 0xb14d2f937d2f0511)) ;; swizzle constant
(assert_return (invoke "vector" (i32.const 94) (i32.const 1)) (i64.const 0x934415b8cf8d6b35)) ;; swizzle of constant
(assert_return (invoke "vector" (i32.const 95) (i32.const 1)) (i64.const 0xc2f15e444dc0681b)) ;; swizzle self
