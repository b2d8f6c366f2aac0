;; Kind: miscompile, SIMD values reduced to conditions: any_true, all_true, bitmask, and branches on them. Wasmtime #4807, WAMR #1281.
(module
  (type $s (func (param v128 v128) (result i64)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\00\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\0b\30\55\7a\9f\c4\e9\0e\33\58\7d\a2\c7\ec\11\36\80\80\80\80\80\80\80\80\80\80\80\80\80\80\80\80\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\00\80\00\80\00\80\00\80\00\80\00\80\00\80\00\80\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\00\00\00\80\ff\ff\ff\7f\ff\ff\ff\ff\01\00\00\00\00\00\00\00\00\00\00\80\ff\ff\ff\ff\ff\ff\ff\7f\ff\ff\ff\ff\00\00\00\00\00\00\00\00\01\00\00\00\ff\ee\dd\cc\bb\aa\99\88\77\66\55\44\33\22\11\00\ff\ff\01\00\00\80\ff\7f\ff\00\00\ff\80\00\7f\ff\00\10\1f\0f\80\ff\f0\07\08\09\01\02\03\64\c8\11\fe\ff\ff\ff\ff\ff\00\00\00\00\ff\ff\00\80\00\00\be\ba\fe\ca\ef\be\ad\de\ef\cd\ab\89\67\45\23\01")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24 $f25 $f26 $f27 $f28 $f29 $f30 $f31 $f32 $f33 $f34))
  ;; The digest of what function $f gives for each value and, beside it, the first $n values; or itself, where $n is 1.
  (func (export "scalar") (param $f i32) (param $n i32) (result i64) (local $h i64) (local $i i32) (local $j i32) (local $a v128)
    (loop $o
      (local.set $a (v128.load (i32.shl (local.get $i) (i32.const 4))))
      (local.set $j (i32.const 0))
      (loop $p
        (local.set $h (call $mix (local.get $h) (call_indirect (type $s) (local.get $a) (if (result v128) (i32.eq (local.get $n) (i32.const 1)) (then (local.get $a)) (else (v128.load (i32.shl (local.get $j) (i32.const 4))))) (local.get $f))))
        (br_if $p (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $o (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 16))))
    (local.get $h))
  (func $f0 (type $s) (i64.extend_i32_u (i8x16.all_true (local.get 0))))
  (func $f1 (type $s) (i64.extend_i32_u (i8x16.bitmask (local.get 0))))
  (func $f2 (type $s) (i64.extend_i32_u (i8x16.all_true (i8x16.eq (local.get 0) (local.get 1)))))
  (func $f3 (type $s) (i64.extend_i32_u (i8x16.bitmask (i8x16.lt_s (local.get 0) (local.get 1)))))
  (func $f4 (type $s) (i64.extend_i32_u (v128.any_true (i8x16.eq (local.get 0) (local.get 1)))))
  (func $f5 (type $s) (i64.extend_i32_u (i32.eqz (i8x16.all_true (local.get 0)))))
  (func $f6 (type $s) (i64.extend_i32_u (if (result i32) (v128.any_true (i8x16.gt_s (local.get 0) (local.get 1))) (then (i32.const 5)) (else (i32.const 6)))))
  (func $f7 (type $s) (i64.extend_i32_u (if (result i32) (i8x16.all_true (i8x16.ne (local.get 0) (local.get 1))) (then (i32.const 5)) (else (i32.const 6)))))
  (func $f8 (type $s) (i64.extend_i32_u (i16x8.all_true (local.get 0))))
  (func $f9 (type $s) (i64.extend_i32_u (i16x8.bitmask (local.get 0))))
  (func $f10 (type $s) (i64.extend_i32_u (i16x8.all_true (i16x8.eq (local.get 0) (local.get 1)))))
  (func $f11 (type $s) (i64.extend_i32_u (i16x8.bitmask (i16x8.lt_s (local.get 0) (local.get 1)))))
  (func $f12 (type $s) (i64.extend_i32_u (v128.any_true (i16x8.eq (local.get 0) (local.get 1)))))
  (func $f13 (type $s) (i64.extend_i32_u (i32.eqz (i16x8.all_true (local.get 0)))))
  (func $f14 (type $s) (i64.extend_i32_u (if (result i32) (v128.any_true (i16x8.gt_s (local.get 0) (local.get 1))) (then (i32.const 5)) (else (i32.const 6)))))
  (func $f15 (type $s) (i64.extend_i32_u (if (result i32) (i16x8.all_true (i16x8.ne (local.get 0) (local.get 1))) (then (i32.const 5)) (else (i32.const 6)))))
  (func $f16 (type $s) (i64.extend_i32_u (i32x4.all_true (local.get 0))))
  (func $f17 (type $s) (i64.extend_i32_u (i32x4.bitmask (local.get 0))))
  (func $f18 (type $s) (i64.extend_i32_u (i32x4.all_true (i32x4.eq (local.get 0) (local.get 1)))))
  (func $f19 (type $s) (i64.extend_i32_u (i32x4.bitmask (i32x4.lt_s (local.get 0) (local.get 1)))))
  (func $f20 (type $s) (i64.extend_i32_u (v128.any_true (i32x4.eq (local.get 0) (local.get 1)))))
  (func $f21 (type $s) (i64.extend_i32_u (i32.eqz (i32x4.all_true (local.get 0)))))
  (func $f22 (type $s) (i64.extend_i32_u (if (result i32) (v128.any_true (i32x4.gt_s (local.get 0) (local.get 1))) (then (i32.const 5)) (else (i32.const 6)))))
  (func $f23 (type $s) (i64.extend_i32_u (if (result i32) (i32x4.all_true (i32x4.ne (local.get 0) (local.get 1))) (then (i32.const 5)) (else (i32.const 6)))))
  (func $f24 (type $s) (i64.extend_i32_u (i64x2.all_true (local.get 0))))
  (func $f25 (type $s) (i64.extend_i32_u (i64x2.bitmask (local.get 0))))
  (func $f26 (type $s) (i64.extend_i32_u (i64x2.all_true (i64x2.eq (local.get 0) (local.get 1)))))
  (func $f27 (type $s) (i64.extend_i32_u (i64x2.bitmask (i64x2.lt_s (local.get 0) (local.get 1)))))
  (func $f28 (type $s) (i64.extend_i32_u (v128.any_true (i64x2.eq (local.get 0) (local.get 1)))))
  (func $f29 (type $s) (i64.extend_i32_u (i32.eqz (i64x2.all_true (local.get 0)))))
  (func $f30 (type $s) (i64.extend_i32_u (if (result i32) (v128.any_true (i64x2.gt_s (local.get 0) (local.get 1))) (then (i32.const 5)) (else (i32.const 6)))))
  (func $f31 (type $s) (i64.extend_i32_u (if (result i32) (i64x2.all_true (i64x2.ne (local.get 0) (local.get 1))) (then (i32.const 5)) (else (i32.const 6)))))
  (func $f32 (type $s) (i64.extend_i32_u (v128.any_true (local.get 0))))
  (func $f33 (type $s) (i64.extend_i32_u (v128.any_true (v128.xor (local.get 0) (local.get 1)))))
  (func $f34 (type $s) (i64.extend_i32_u (select (i32.const 1) (i32.const 2) (v128.any_true (v128.and (local.get 0) (local.get 1)))))))
(assert_return (invoke "scalar" (i32.const 0) (i32.const 1)) (i64.const 0xa3737fe625cee866)) ;; i8x16.all_true
(assert_return (invoke "scalar" (i32.const 1) (i32.const 1)) (i64.const 0x6c38617a2526bd42)) ;; i8x16.bitmask
(assert_return (invoke "scalar" (i32.const 2) (i32.const 16)) (i64.const 0xe5247b6a364e9f43)) ;; i8x16.all_true eq
(assert_return (invoke "scalar" (i32.const 3) (i32.const 16)) (i64.const 0x8a30bca16b9db3bd)) ;; i8x16.bitmask lt
(assert_return (invoke "scalar" (i32.const 4) (i32.const 16)) (i64.const 0x286165cb4b57477)) ;; i8x16 any eq
(assert_return (invoke "scalar" (i32.const 5) (i32.const 1)) (i64.const 0xbb5cf8ed0540b7d4)) ;; i8x16 not all
(assert_return (invoke "scalar" (i32.const 6) (i32.const 16)) (i64.const 0xdc979d91154d470b)) ;; i8x16 if any
(assert_return (invoke "scalar" (i32.const 7) (i32.const 16)) (i64.const 0xe190bd99a2ec9b88)) ;; i8x16 if all
(assert_return (invoke "scalar" (i32.const 8) (i32.const 1)) (i64.const 0xddb75d772eda15f3)) ;; i16x8.all_true
(assert_return (invoke "scalar" (i32.const 9) (i32.const 1)) (i64.const 0x200a16ba5241dc3a)) ;; i16x8.bitmask
(assert_return (invoke "scalar" (i32.const 10) (i32.const 16)) (i64.const 0xe5247b6a364e9f43)) ;; i16x8.all_true eq
(assert_return (invoke "scalar" (i32.const 11) (i32.const 16)) (i64.const 0x7d5d96ef0b04522e)) ;; i16x8.bitmask lt
(assert_return (invoke "scalar" (i32.const 12) (i32.const 16)) (i64.const 0x2474b16fcc3e4235)) ;; i16x8 any eq
(assert_return (invoke "scalar" (i32.const 13) (i32.const 1)) (i64.const 0xde3b0abb00ae3a1d)) ;; i16x8 not all
(assert_return (invoke "scalar" (i32.const 14) (i32.const 16)) (i64.const 0xd47b782d77d56aa)) ;; i16x8 if any
(assert_return (invoke "scalar" (i32.const 15) (i32.const 16)) (i64.const 0x726179d80db3cf02)) ;; i16x8 if all
(assert_return (invoke "scalar" (i32.const 16) (i32.const 1)) (i64.const 0xa0a8d0e4f39c2eba)) ;; i32x4.all_true
(assert_return (invoke "scalar" (i32.const 17) (i32.const 1)) (i64.const 0x90bc164cc4e79832)) ;; i32x4.bitmask
(assert_return (invoke "scalar" (i32.const 18) (i32.const 16)) (i64.const 0xe5247b6a364e9f43)) ;; i32x4.all_true eq
(assert_return (invoke "scalar" (i32.const 19) (i32.const 16)) (i64.const 0x3c1197eb51d84c6a)) ;; i32x4.bitmask lt
(assert_return (invoke "scalar" (i32.const 20) (i32.const 16)) (i64.const 0x217c2b4d0b43ee89)) ;; i32x4 any eq
(assert_return (invoke "scalar" (i32.const 21) (i32.const 1)) (i64.const 0x94c4d935338102fd)) ;; i32x4 not all
(assert_return (invoke "scalar" (i32.const 22) (i32.const 16)) (i64.const 0x505c949686f0dff9)) ;; i32x4 if any
(assert_return (invoke "scalar" (i32.const 23) (i32.const 16)) (i64.const 0x7cb2dc9cd79fdea6)) ;; i32x4 if all
(assert_return (invoke "scalar" (i32.const 24) (i32.const 1)) (i64.const 0x4f01e9e0f09e2ebc)) ;; i64x2.all_true
(assert_return (invoke "scalar" (i32.const 25) (i32.const 1)) (i64.const 0x4ad55f78a452df7b)) ;; i64x2.bitmask
(assert_return (invoke "scalar" (i32.const 26) (i32.const 16)) (i64.const 0xe5247b6a364e9f43)) ;; i64x2.all_true eq
(assert_return (invoke "scalar" (i32.const 27) (i32.const 16)) (i64.const 0x918d21402b94a889)) ;; i64x2.bitmask lt
(assert_return (invoke "scalar" (i32.const 28) (i32.const 16)) (i64.const 0xe5247b6a364e9f43)) ;; i64x2 any eq
(assert_return (invoke "scalar" (i32.const 29) (i32.const 1)) (i64.const 0x515e2328cebd3cef)) ;; i64x2 not all
(assert_return (invoke "scalar" (i32.const 30) (i32.const 16)) (i64.const 0x85def063a7fc1c2e)) ;; i64x2 if any
(assert_return (invoke "scalar" (i32.const 31) (i32.const 16)) (i64.const 0x87abbc2847ddcd86)) ;; i64x2 if all
(assert_return (invoke "scalar" (i32.const 32) (i32.const 1)) (i64.const 0x4f01e9e0f09e2ebc)) ;; any
(assert_return (invoke "scalar" (i32.const 33) (i32.const 16)) (i64.const 0x229b84412bc4325)) ;; any xor
(assert_return (invoke "scalar" (i32.const 34) (i32.const 16)) (i64.const 0xa0fe593959aacf2f)) ;; select by any
