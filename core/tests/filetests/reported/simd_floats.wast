;; Kind: miscompile, SIMD floats: min, max, pmin, pmax and their patterns, rounding, saturating conversions, at NaN and signed zero. Wasmtime #3327, #6859, #6916.
(module
  (type $v (func (param v128 v128) (result v128)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\00\00\00\80\00\00\c0\3f\00\00\20\c0\00\00\80\7f\00\00\80\ff\e6\b1\61\7f\c2\16\01\80\00\00\c0\7f\00\00\80\3f\00\00\80\bf\00\00\00\4f\00\00\00\80\00\00\00\00\00\00\00\4f\00\00\80\4f\00\00\00\3f\00\00\00\bf\ff\ff\ff\4a\cd\cc\6c\c0\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\80\00\00\00\00\00\00\f0\7f\00\00\00\00\00\00\f8\bf\00\00\00\00\00\00\f8\7f\00\00\00\00\00\00\04\40\00\00\00\00\00\00\00\80\00\00\f0\ff\ff\ff\ef\41\00\00\20\00\00\00\e0\c1\9c\75\00\88\3c\e4\37\7e\00\00\e0\ff\ff\ff\df\41\01\00\00\00\00\00\00\00\00\00\80\3f\00\00\00\40\00\00\80\bf\00\e0\7f\47")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (func $canon32 (param v128) (result v128)
    (v128.bitselect (local.get 0) (v128.const i32x4 0x7fc00000 0x7fc00000 0x7fc00000 0x7fc00000) (f32x4.eq (local.get 0) (local.get 0))))
  (func $canon64 (param v128) (result v128)
    (v128.bitselect (local.get 0) (v128.const i64x2 0x7ff8000000000000 0x7ff8000000000000) (f64x2.eq (local.get 0) (local.get 0))))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24 $f25 $f26 $f27 $f28 $f29 $f30 $f31 $f32 $f33 $f34 $f35 $f36 $f37 $f38 $f39 $f40 $f41 $f42 $f43 $f44 $f45 $f46 $f47 $f48 $f49 $f50 $f51 $f52 $f53 $f54 $f55 $f56 $f57 $f58 $f59 $f60 $f61 $f62 $f63 $f64 $f65 $f66 $f67 $f68 $f69 $f70))
  ;; The digest of what function $f gives for each value and, beside it, the first $n values; or itself, where $n is 1.
  (func (export "vector") (param $f i32) (param $n i32) (result i64) (local $h i64) (local $i i32) (local $j i32) (local $a v128) (local $v v128)
    (loop $o
      (local.set $a (v128.load (i32.shl (local.get $i) (i32.const 4))))
      (local.set $j (i32.const 0))
      (loop $p
        (local.set $v (call_indirect (type $v) (local.get $a) (if (result v128) (i32.eq (local.get $n) (i32.const 1)) (then (local.get $a)) (else (v128.load (i32.shl (local.get $j) (i32.const 4))))) (local.get $f)))
        (local.set $h (call $mix (call $mix (local.get $h) (i64x2.extract_lane 0 (local.get $v))) (i64x2.extract_lane 1 (local.get $v))))
        (br_if $p (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $o (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 12))))
    (local.get $h))
  (func $f0 (type $v) (call $canon32 (f32x4.add (local.get 0) (local.get 1))))
  (func $f1 (type $v) (call $canon32 (f32x4.sub (local.get 0) (local.get 1))))
  (func $f2 (type $v) (call $canon32 (f32x4.mul (local.get 0) (local.get 1))))
  (func $f3 (type $v) (call $canon32 (f32x4.div (local.get 0) (local.get 1))))
  (func $f4 (type $v) (call $canon32 (f32x4.min (local.get 0) (local.get 1))))
  (func $f5 (type $v) (call $canon32 (f32x4.max (local.get 0) (local.get 1))))
  (func $f6 (type $v) (call $canon32 (f32x4.pmin (local.get 0) (local.get 1))))
  (func $f7 (type $v) (call $canon32 (f32x4.pmax (local.get 0) (local.get 1))))
  (func $f8 (type $v) (call $canon32 (f32x4.abs (local.get 0))))
  (func $f9 (type $v) (call $canon32 (f32x4.neg (local.get 0))))
  (func $f10 (type $v) (call $canon32 (f32x4.sqrt (local.get 0))))
  (func $f11 (type $v) (call $canon32 (f32x4.ceil (local.get 0))))
  (func $f12 (type $v) (call $canon32 (f32x4.floor (local.get 0))))
  (func $f13 (type $v) (call $canon32 (f32x4.trunc (local.get 0))))
  (func $f14 (type $v) (call $canon32 (f32x4.nearest (local.get 0))))
  (func $f15 (type $v) (f32x4.eq (local.get 0) (local.get 1)))
  (func $f16 (type $v) (v128.not (f32x4.eq (local.get 0) (local.get 1))))
  (func $f17 (type $v) (f32x4.ne (local.get 0) (local.get 1)))
  (func $f18 (type $v) (v128.not (f32x4.ne (local.get 0) (local.get 1))))
  (func $f19 (type $v) (f32x4.lt (local.get 0) (local.get 1)))
  (func $f20 (type $v) (v128.not (f32x4.lt (local.get 0) (local.get 1))))
  (func $f21 (type $v) (f32x4.gt (local.get 0) (local.get 1)))
  (func $f22 (type $v) (v128.not (f32x4.gt (local.get 0) (local.get 1))))
  (func $f23 (type $v) (f32x4.le (local.get 0) (local.get 1)))
  (func $f24 (type $v) (v128.not (f32x4.le (local.get 0) (local.get 1))))
  (func $f25 (type $v) (f32x4.ge (local.get 0) (local.get 1)))
  (func $f26 (type $v) (v128.not (f32x4.ge (local.get 0) (local.get 1))))
  (func $f27 (type $v) (call $canon32 (v128.bitselect (local.get 1) (local.get 0) (f32x4.lt (local.get 1) (local.get 0)))))
  (func $f28 (type $v) (call $canon32 (v128.bitselect (local.get 1) (local.get 0) (f32x4.lt (local.get 0) (local.get 1)))))
  (func $f29 (type $v) (call $canon32 (v128.bitselect (local.get 0) (local.get 1) (f32x4.lt (local.get 1) (local.get 0)))))
  (func $f30 (type $v) (call $canon32 (f32x4.sub (local.get 0) (f32x4.neg (local.get 1)))))
  (func $f31 (type $v) (call $canon32 (f32x4.add (f32x4.mul (local.get 0) (local.get 1)) (local.get 0))))
  (func $f32 (type $v) (call $canon64 (f64x2.add (local.get 0) (local.get 1))))
  (func $f33 (type $v) (call $canon64 (f64x2.sub (local.get 0) (local.get 1))))
  (func $f34 (type $v) (call $canon64 (f64x2.mul (local.get 0) (local.get 1))))
  (func $f35 (type $v) (call $canon64 (f64x2.div (local.get 0) (local.get 1))))
  (func $f36 (type $v) (call $canon64 (f64x2.min (local.get 0) (local.get 1))))
  (func $f37 (type $v) (call $canon64 (f64x2.max (local.get 0) (local.get 1))))
  (func $f38 (type $v) (call $canon64 (f64x2.pmin (local.get 0) (local.get 1))))
  (func $f39 (type $v) (call $canon64 (f64x2.pmax (local.get 0) (local.get 1))))
  (func $f40 (type $v) (call $canon64 (f64x2.abs (local.get 0))))
  (func $f41 (type $v) (call $canon64 (f64x2.neg (local.get 0))))
  (func $f42 (type $v) (call $canon64 (f64x2.sqrt (local.get 0))))
  (func $f43 (type $v) (call $canon64 (f64x2.ceil (local.get 0))))
  (func $f44 (type $v) (call $canon64 (f64x2.floor (local.get 0))))
  (func $f45 (type $v) (call $canon64 (f64x2.trunc (local.get 0))))
  (func $f46 (type $v) (call $canon64 (f64x2.nearest (local.get 0))))
  (func $f47 (type $v) (f64x2.eq (local.get 0) (local.get 1)))
  (func $f48 (type $v) (v128.not (f64x2.eq (local.get 0) (local.get 1))))
  (func $f49 (type $v) (f64x2.ne (local.get 0) (local.get 1)))
  (func $f50 (type $v) (v128.not (f64x2.ne (local.get 0) (local.get 1))))
  (func $f51 (type $v) (f64x2.lt (local.get 0) (local.get 1)))
  (func $f52 (type $v) (v128.not (f64x2.lt (local.get 0) (local.get 1))))
  (func $f53 (type $v) (f64x2.gt (local.get 0) (local.get 1)))
  (func $f54 (type $v) (v128.not (f64x2.gt (local.get 0) (local.get 1))))
  (func $f55 (type $v) (f64x2.le (local.get 0) (local.get 1)))
  (func $f56 (type $v) (v128.not (f64x2.le (local.get 0) (local.get 1))))
  (func $f57 (type $v) (f64x2.ge (local.get 0) (local.get 1)))
  (func $f58 (type $v) (v128.not (f64x2.ge (local.get 0) (local.get 1))))
  (func $f59 (type $v) (call $canon64 (v128.bitselect (local.get 1) (local.get 0) (f64x2.lt (local.get 1) (local.get 0)))))
  (func $f60 (type $v) (call $canon64 (v128.bitselect (local.get 1) (local.get 0) (f64x2.lt (local.get 0) (local.get 1)))))
  (func $f61 (type $v) (call $canon64 (v128.bitselect (local.get 0) (local.get 1) (f64x2.lt (local.get 1) (local.get 0)))))
  (func $f62 (type $v) (call $canon64 (f64x2.sub (local.get 0) (f64x2.neg (local.get 1)))))
  (func $f63 (type $v) (call $canon64 (f64x2.add (f64x2.mul (local.get 0) (local.get 1)) (local.get 0))))
  (func $f64 (type $v) (i32x4.trunc_sat_f32x4_s (local.get 0)))
  (func $f65 (type $v) (i32x4.trunc_sat_f32x4_u (local.get 0)))
  (func $f66 (type $v) (i32x4.trunc_sat_f64x2_s_zero (local.get 0)))
  (func $f67 (type $v) (i32x4.trunc_sat_f64x2_u_zero (local.get 0)))
  (func $f68 (type $v) (call $canon64 (f64x2.promote_low_f32x4 (local.get 0))))
  (func $f69 (type $v) (call $canon32 (f32x4.demote_f64x2_zero (local.get 0))))
  (func $f70 (type $v) (v128.not (f64x2.promote_low_f32x4 (v128.const f32x4 -1.5 2 0 0)))))
(assert_return (invoke "vector" (i32.const 0) (i32.const 12)) (i64.const 0xf9deb5dc080ca7f1)) ;; f32x4.add
(assert_return (invoke "vector" (i32.const 1) (i32.const 12)) (i64.const 0x7b23c5e2a268321c)) ;; f32x4.sub
(assert_return (invoke "vector" (i32.const 2) (i32.const 12)) (i64.const 0xcc0cf3fb83db9c43)) ;; f32x4.mul
(assert_return (invoke "vector" (i32.const 3) (i32.const 12)) (i64.const 0xcc3f1d996234555f)) ;; f32x4.div
(assert_return (invoke "vector" (i32.const 4) (i32.const 12)) (i64.const 0x8545db43aad5a5f7)) ;; f32x4.min
(assert_return (invoke "vector" (i32.const 5) (i32.const 12)) (i64.const 0x5b3e5a9e6551f444)) ;; f32x4.max
(assert_return (invoke "vector" (i32.const 6) (i32.const 12)) (i64.const 0x3ace10561a1b1d83)) ;; f32x4.pmin
(assert_return (invoke "vector" (i32.const 7) (i32.const 12)) (i64.const 0x44dd4ff8eb431292)) ;; f32x4.pmax
(assert_return (invoke "vector" (i32.const 8) (i32.const 1)) (i64.const 0xc214c0f6592b0fe4)) ;; f32x4.abs
(assert_return (invoke "vector" (i32.const 9) (i32.const 1)) (i64.const 0xc647786a46ffd58f)) ;; f32x4.neg
(assert_return (invoke "vector" (i32.const 10) (i32.const 1)) (i64.const 0x7efab27ec1a143ac)) ;; f32x4.sqrt
(assert_return (invoke "vector" (i32.const 11) (i32.const 1)) (i64.const 0x58dd7a3b2ee312bc)) ;; f32x4.ceil
(assert_return (invoke "vector" (i32.const 12) (i32.const 1)) (i64.const 0x9458be9252386e2b)) ;; f32x4.floor
(assert_return (invoke "vector" (i32.const 13) (i32.const 1)) (i64.const 0x65037223359bec50)) ;; f32x4.trunc
(assert_return (invoke "vector" (i32.const 14) (i32.const 1)) (i64.const 0xccc0668ea9106097)) ;; f32x4.nearest
(assert_return (invoke "vector" (i32.const 15) (i32.const 12)) (i64.const 0x88849881e21df535)) ;; f32x4.eq
(assert_return (invoke "vector" (i32.const 16) (i32.const 12)) (i64.const 0x3bfd0dcb7293c894)) ;; not f32x4.eq
(assert_return (invoke "vector" (i32.const 17) (i32.const 12)) (i64.const 0x3bfd0dcb7293c894)) ;; f32x4.ne
(assert_return (invoke "vector" (i32.const 18) (i32.const 12)) (i64.const 0x88849881e21df535)) ;; not f32x4.ne
(assert_return (invoke "vector" (i32.const 19) (i32.const 12)) (i64.const 0xf28e50b3ff057f81)) ;; f32x4.lt
(assert_return (invoke "vector" (i32.const 20) (i32.const 12)) (i64.const 0xcaf73e1aeb31bc24)) ;; not f32x4.lt
(assert_return (invoke "vector" (i32.const 21) (i32.const 12)) (i64.const 0x8f71a9611ddbc6f3)) ;; f32x4.gt
(assert_return (invoke "vector" (i32.const 22) (i32.const 12)) (i64.const 0x9c1df7cdad7220b2)) ;; not f32x4.gt
(assert_return (invoke "vector" (i32.const 23) (i32.const 12)) (i64.const 0x87ef4bc8bfef7a18)) ;; f32x4.le
(assert_return (invoke "vector" (i32.const 24) (i32.const 12)) (i64.const 0xe7c05f9002744d67)) ;; not f32x4.le
(assert_return (invoke "vector" (i32.const 25) (i32.const 12)) (i64.const 0x8184cffe342b0659)) ;; f32x4.ge
(assert_return (invoke "vector" (i32.const 26) (i32.const 12)) (i64.const 0x332a2971feb754c5)) ;; not f32x4.ge
(assert_return (invoke "vector" (i32.const 27) (i32.const 12)) (i64.const 0x3ace10561a1b1d83)) ;; f32x4 as pmin
(assert_return (invoke "vector" (i32.const 28) (i32.const 12)) (i64.const 0x44dd4ff8eb431292)) ;; f32x4 as pmax
(assert_return (invoke "vector" (i32.const 29) (i32.const 12)) (i64.const 0x5c6391c1b34b8596)) ;; f32x4 almost pmin
(assert_return (invoke "vector" (i32.const 30) (i32.const 12)) (i64.const 0xf9deb5dc080ca7f1)) ;; f32x4 sub of neg
(assert_return (invoke "vector" (i32.const 31) (i32.const 12)) (i64.const 0x8d94600cfdec580f)) ;; f32x4 no fused
(assert_return (invoke "vector" (i32.const 32) (i32.const 12)) (i64.const 0x115d9578d9e62d59)) ;; f64x2.add
(assert_return (invoke "vector" (i32.const 33) (i32.const 12)) (i64.const 0xf6f976fa47b09942)) ;; f64x2.sub
(assert_return (invoke "vector" (i32.const 34) (i32.const 12)) (i64.const 0x82a91dd3aac1f23b)) ;; f64x2.mul
(assert_return (invoke "vector" (i32.const 35) (i32.const 12)) (i64.const 0x29eec37661b4ced9)) ;; f64x2.div
(assert_return (invoke "vector" (i32.const 36) (i32.const 12)) (i64.const 0xbee001e934c4e01d)) ;; f64x2.min
(assert_return (invoke "vector" (i32.const 37) (i32.const 12)) (i64.const 0xa807fc29eb37b475)) ;; f64x2.max
(assert_return (invoke "vector" (i32.const 38) (i32.const 12)) (i64.const 0x8c0cd74b80dec3dc)) ;; f64x2.pmin
(assert_return (invoke "vector" (i32.const 39) (i32.const 12)) (i64.const 0xeb84de26f54aaa57)) ;; f64x2.pmax
(assert_return (invoke "vector" (i32.const 40) (i32.const 1)) (i64.const 0x2460d162a856e37e)) ;; f64x2.abs
(assert_return (invoke "vector" (i32.const 41) (i32.const 1)) (i64.const 0x5979fe4fcb616fe6)) ;; f64x2.neg
(assert_return (invoke "vector" (i32.const 42) (i32.const 1)) (i64.const 0xa26aa7cae418d50f)) ;; f64x2.sqrt
(assert_return (invoke "vector" (i32.const 43) (i32.const 1)) (i64.const 0xff65d785ca46ef6d)) ;; f64x2.ceil
(assert_return (invoke "vector" (i32.const 44) (i32.const 1)) (i64.const 0xd187bd8eef90421d)) ;; f64x2.floor
(assert_return (invoke "vector" (i32.const 45) (i32.const 1)) (i64.const 0xc01fd030286706c)) ;; f64x2.trunc
(assert_return (invoke "vector" (i32.const 46) (i32.const 1)) (i64.const 0xc136adec16521113)) ;; f64x2.nearest
(assert_return (invoke "vector" (i32.const 47) (i32.const 12)) (i64.const 0x1217b9e71abdca9d)) ;; f64x2.eq
(assert_return (invoke "vector" (i32.const 48) (i32.const 12)) (i64.const 0xcf30092e5d0f8631)) ;; not f64x2.eq
(assert_return (invoke "vector" (i32.const 49) (i32.const 12)) (i64.const 0xcf30092e5d0f8631)) ;; f64x2.ne
(assert_return (invoke "vector" (i32.const 50) (i32.const 12)) (i64.const 0x1217b9e71abdca9d)) ;; not f64x2.ne
(assert_return (invoke "vector" (i32.const 51) (i32.const 12)) (i64.const 0xfa9efc96d005955)) ;; f64x2.lt
(assert_return (invoke "vector" (i32.const 52) (i32.const 12)) (i64.const 0x57c0c5ec97a215b4)) ;; not f64x2.lt
(assert_return (invoke "vector" (i32.const 53) (i32.const 12)) (i64.const 0xacd8d02fa5e26996)) ;; f64x2.gt
(assert_return (invoke "vector" (i32.const 54) (i32.const 12)) (i64.const 0x22a29b3200840a40)) ;; not f64x2.gt
(assert_return (invoke "vector" (i32.const 55) (i32.const 12)) (i64.const 0xea5b544724c7cdc3)) ;; f64x2.le
(assert_return (invoke "vector" (i32.const 56) (i32.const 12)) (i64.const 0x8927af54faab6b38)) ;; not f64x2.le
(assert_return (invoke "vector" (i32.const 57) (i32.const 12)) (i64.const 0xf67d7168dee2394e)) ;; f64x2.ge
(assert_return (invoke "vector" (i32.const 58) (i32.const 12)) (i64.const 0xe925127483464244)) ;; not f64x2.ge
(assert_return (invoke "vector" (i32.const 59) (i32.const 12)) (i64.const 0x8c0cd74b80dec3dc)) ;; f64x2 as pmin
(assert_return (invoke "vector" (i32.const 60) (i32.const 12)) (i64.const 0xeb84de26f54aaa57)) ;; f64x2 as pmax
(assert_return (invoke "vector" (i32.const 61) (i32.const 12)) (i64.const 0xf2c70d720ebed6d4)) ;; f64x2 almost pmin
(assert_return (invoke "vector" (i32.const 62) (i32.const 12)) (i64.const 0x115d9578d9e62d59)) ;; f64x2 sub of neg
(assert_return (invoke "vector" (i32.const 63) (i32.const 12)) (i64.const 0x37f074fdaf494bc9)) ;; f64x2 no fused
(assert_return (invoke "vector" (i32.const 64) (i32.const 1)) (i64.const 0xd3a6b7385d660a72)) ;; i32x4.trunc_sat_f32x4_s
(assert_return (invoke "vector" (i32.const 65) (i32.const 1)) (i64.const 0xac3ec4c6211333ef)) ;; i32x4.trunc_sat_f32x4_u
(assert_return (invoke "vector" (i32.const 66) (i32.const 1)) (i64.const 0x1d4bf4710d4cc79a)) ;; i32x4.trunc_sat_f64x2_s_zero
(assert_return (invoke "vector" (i32.const 67) (i32.const 1)) (i64.const 0x4743e07b061064ab)) ;; i32x4.trunc_sat_f64x2_u_zero
(assert_return (invoke "vector" (i32.const 68) (i32.const 1)) (i64.const 0xcac82dc8a1acad60)) ;; f64x2.promote
(assert_return (invoke "vector" (i32.const 69) (i32.const 1)) (i64.const 0x73696f4c700f0c78)) ;; f32x4.demote
(assert_return (invoke "vector" (i32.const 70) (i32.const 1)) (i64.const 0xe3b02f6a7927eed7)) ;; not of promote
