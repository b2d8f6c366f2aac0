;; Kind: miscompile, f32 arithmetic at signed zero, NaN, subnormals and halves; no fusing, no unsafe folding. Wasmtime #3327 (kind), WasmEdge #3001.
(module
  (type $s (func (param f32 f32) (result i64)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\00\00\00\80\00\00\80\3f\00\00\80\bf\00\00\00\3f\00\00\00\bf\00\00\c0\3f\00\00\20\40\00\00\c0\bf\00\00\20\c0\ff\ff\ff\3e\cd\cc\6c\40\cd\cc\6c\c0\00\00\ff\42\00\80\00\c3\00\80\7f\43\00\ff\ff\46\80\ff\7f\47\ff\ff\ff\4e\00\00\00\4f\00\00\00\cf\01\00\00\cf\ff\ff\7f\4f\00\00\80\4f\fe\ff\ff\5e\00\00\00\5f\00\00\00\df\00\00\80\5f\e6\b1\61\7f\e6\b1\61\ff\c2\16\01\00\c2\16\01\80\00\00\80\00\ff\ff\ff\4a\00\00\00\4b\01\00\00\cb\00\00\80\4b\00\00\80\7f\00\00\80\ff\00\00\c0\7f")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (func $bits32 (param f32) (result i64)
    (if (result i64) (f32.ne (local.get 0) (local.get 0)) (then (i64.const 0x7fc00000)) (else (i64.extend_i32_u (i32.reinterpret_f32 (local.get 0))))))
  (func $bits64 (param f64) (result i64)
    (if (result i64) (f64.ne (local.get 0) (local.get 0)) (then (i64.const 0x7ff8000000000000)) (else (i64.reinterpret_f64 (local.get 0)))))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24 $f25 $f26 $f27 $f28 $f29 $f30 $f31 $f32 $f33 $f34 $f35 $f36 $f37 $f38 $f39 $f40 $f41 $f42 $f43 $f44 $f45 $f46 $f47 $f48 $f49 $f50 $f51 $f52 $f53 $f54 $f55 $f56 $f57 $f58 $f59 $f60 $f61 $f62 $f63 $f64 $f65 $f66 $f67 $f68 $f69 $f70 $f71 $f72 $f73 $f74 $f75 $f76 $f77 $f78 $f79 $f80 $f81 $f82 $f83 $f84 $f85 $f86 $f87 $f88 $f89 $f90 $f91 $f92 $f93))
  ;; The digest of what function $f gives for each value and, beside it, the first $n values; or itself, where $n is 1.
  (func (export "scalar") (param $f i32) (param $n i32) (result i64) (local $h i64) (local $i i32) (local $j i32) (local $a f32)
    (loop $o
      (local.set $a (f32.load (i32.shl (local.get $i) (i32.const 2))))
      (local.set $j (i32.const 0))
      (loop $p
        (local.set $h (call $mix (local.get $h) (call_indirect (type $s) (local.get $a) (if (result f32) (i32.eq (local.get $n) (i32.const 1)) (then (local.get $a)) (else (f32.load (i32.shl (local.get $j) (i32.const 2))))) (local.get $f))))
        (br_if $p (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $o (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 40))))
    (local.get $h))
  (func $f0 (type $s) (call $bits32 (f32.add (local.get 0) (local.get 1))))
  (func $f1 (type $s) (call $bits32 (f32.sub (local.get 0) (local.get 1))))
  (func $f2 (type $s) (call $bits32 (f32.mul (local.get 0) (local.get 1))))
  (func $f3 (type $s) (call $bits32 (f32.div (local.get 0) (local.get 1))))
  (func $f4 (type $s) (call $bits32 (f32.min (local.get 0) (local.get 1))))
  (func $f5 (type $s) (call $bits32 (f32.max (local.get 0) (local.get 1))))
  (func $f6 (type $s) (call $bits32 (f32.copysign (local.get 0) (local.get 1))))
  (func $f7 (type $s) (call $bits32 (f32.abs (local.get 0))))
  (func $f8 (type $s) (call $bits32 (f32.neg (local.get 0))))
  (func $f9 (type $s) (call $bits32 (f32.sqrt (local.get 0))))
  (func $f10 (type $s) (call $bits32 (f32.ceil (local.get 0))))
  (func $f11 (type $s) (call $bits32 (f32.floor (local.get 0))))
  (func $f12 (type $s) (call $bits32 (f32.trunc (local.get 0))))
  (func $f13 (type $s) (call $bits32 (f32.nearest (local.get 0))))
  (func $f14 (type $s) (i64.extend_i32_u (f32.eq (local.get 0) (local.get 1))))
  (func $f15 (type $s) (i64.extend_i32_u (if (result i32) (f32.eq (local.get 0) (local.get 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f16 (type $s) (i64.extend_i32_u (i32.eqz (f32.eq (local.get 0) (local.get 1)))))
  (func $f17 (type $s) (i64.extend_i32_u (f32.ne (local.get 0) (local.get 1))))
  (func $f18 (type $s) (i64.extend_i32_u (if (result i32) (f32.ne (local.get 0) (local.get 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f19 (type $s) (i64.extend_i32_u (i32.eqz (f32.ne (local.get 0) (local.get 1)))))
  (func $f20 (type $s) (i64.extend_i32_u (f32.lt (local.get 0) (local.get 1))))
  (func $f21 (type $s) (i64.extend_i32_u (if (result i32) (f32.lt (local.get 0) (local.get 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f22 (type $s) (i64.extend_i32_u (i32.eqz (f32.lt (local.get 0) (local.get 1)))))
  (func $f23 (type $s) (i64.extend_i32_u (f32.gt (local.get 0) (local.get 1))))
  (func $f24 (type $s) (i64.extend_i32_u (if (result i32) (f32.gt (local.get 0) (local.get 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f25 (type $s) (i64.extend_i32_u (i32.eqz (f32.gt (local.get 0) (local.get 1)))))
  (func $f26 (type $s) (i64.extend_i32_u (f32.le (local.get 0) (local.get 1))))
  (func $f27 (type $s) (i64.extend_i32_u (if (result i32) (f32.le (local.get 0) (local.get 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f28 (type $s) (i64.extend_i32_u (i32.eqz (f32.le (local.get 0) (local.get 1)))))
  (func $f29 (type $s) (i64.extend_i32_u (f32.ge (local.get 0) (local.get 1))))
  (func $f30 (type $s) (i64.extend_i32_u (if (result i32) (f32.ge (local.get 0) (local.get 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f31 (type $s) (i64.extend_i32_u (i32.eqz (f32.ge (local.get 0) (local.get 1)))))
  (func $f32 (type $s) (call $bits32 (f32.add (local.get 0) (f32.const 0))))
  (func $f33 (type $s) (call $bits32 (f32.sub (local.get 0) (f32.const 0))))
  (func $f34 (type $s) (call $bits32 (f32.mul (local.get 0) (f32.const 0))))
  (func $f35 (type $s) (call $bits32 (f32.div (local.get 0) (f32.const 0))))
  (func $f36 (type $s) (call $bits32 (f32.min (local.get 0) (f32.const 0))))
  (func $f37 (type $s) (call $bits32 (f32.max (local.get 0) (f32.const 0))))
  (func $f38 (type $s) (call $bits32 (f32.copysign (local.get 0) (f32.const 0))))
  (func $f39 (type $s) (call $bits32 (f32.sub (f32.const 0) (local.get 0))))
  (func $f40 (type $s) (call $bits32 (f32.add (local.get 0) (f32.const -0))))
  (func $f41 (type $s) (call $bits32 (f32.sub (local.get 0) (f32.const -0))))
  (func $f42 (type $s) (call $bits32 (f32.mul (local.get 0) (f32.const -0))))
  (func $f43 (type $s) (call $bits32 (f32.div (local.get 0) (f32.const -0))))
  (func $f44 (type $s) (call $bits32 (f32.min (local.get 0) (f32.const -0))))
  (func $f45 (type $s) (call $bits32 (f32.max (local.get 0) (f32.const -0))))
  (func $f46 (type $s) (call $bits32 (f32.copysign (local.get 0) (f32.const -0))))
  (func $f47 (type $s) (call $bits32 (f32.sub (f32.const -0) (local.get 0))))
  (func $f48 (type $s) (call $bits32 (f32.add (local.get 0) (f32.const 1))))
  (func $f49 (type $s) (call $bits32 (f32.sub (local.get 0) (f32.const 1))))
  (func $f50 (type $s) (call $bits32 (f32.mul (local.get 0) (f32.const 1))))
  (func $f51 (type $s) (call $bits32 (f32.div (local.get 0) (f32.const 1))))
  (func $f52 (type $s) (call $bits32 (f32.min (local.get 0) (f32.const 1))))
  (func $f53 (type $s) (call $bits32 (f32.max (local.get 0) (f32.const 1))))
  (func $f54 (type $s) (call $bits32 (f32.copysign (local.get 0) (f32.const 1))))
  (func $f55 (type $s) (call $bits32 (f32.sub (f32.const 1) (local.get 0))))
  (func $f56 (type $s) (call $bits32 (f32.add (local.get 0) (f32.const -1))))
  (func $f57 (type $s) (call $bits32 (f32.sub (local.get 0) (f32.const -1))))
  (func $f58 (type $s) (call $bits32 (f32.mul (local.get 0) (f32.const -1))))
  (func $f59 (type $s) (call $bits32 (f32.div (local.get 0) (f32.const -1))))
  (func $f60 (type $s) (call $bits32 (f32.min (local.get 0) (f32.const -1))))
  (func $f61 (type $s) (call $bits32 (f32.max (local.get 0) (f32.const -1))))
  (func $f62 (type $s) (call $bits32 (f32.copysign (local.get 0) (f32.const -1))))
  (func $f63 (type $s) (call $bits32 (f32.sub (f32.const -1) (local.get 0))))
  (func $f64 (type $s) (call $bits32 (f32.add (local.get 0) (f32.const inf))))
  (func $f65 (type $s) (call $bits32 (f32.sub (local.get 0) (f32.const inf))))
  (func $f66 (type $s) (call $bits32 (f32.mul (local.get 0) (f32.const inf))))
  (func $f67 (type $s) (call $bits32 (f32.div (local.get 0) (f32.const inf))))
  (func $f68 (type $s) (call $bits32 (f32.min (local.get 0) (f32.const inf))))
  (func $f69 (type $s) (call $bits32 (f32.max (local.get 0) (f32.const inf))))
  (func $f70 (type $s) (call $bits32 (f32.copysign (local.get 0) (f32.const inf))))
  (func $f71 (type $s) (call $bits32 (f32.sub (f32.const inf) (local.get 0))))
  (func $f72 (type $s) (call $bits32 (f32.add (local.get 0) (f32.const -inf))))
  (func $f73 (type $s) (call $bits32 (f32.sub (local.get 0) (f32.const -inf))))
  (func $f74 (type $s) (call $bits32 (f32.mul (local.get 0) (f32.const -inf))))
  (func $f75 (type $s) (call $bits32 (f32.div (local.get 0) (f32.const -inf))))
  (func $f76 (type $s) (call $bits32 (f32.min (local.get 0) (f32.const -inf))))
  (func $f77 (type $s) (call $bits32 (f32.max (local.get 0) (f32.const -inf))))
  (func $f78 (type $s) (call $bits32 (f32.copysign (local.get 0) (f32.const -inf))))
  (func $f79 (type $s) (call $bits32 (f32.sub (f32.const -inf) (local.get 0))))
  (func $f80 (type $s) (call $bits32 (f32.add (local.get 0) (f32.const 2))))
  (func $f81 (type $s) (call $bits32 (f32.sub (local.get 0) (f32.const 2))))
  (func $f82 (type $s) (call $bits32 (f32.mul (local.get 0) (f32.const 2))))
  (func $f83 (type $s) (call $bits32 (f32.div (local.get 0) (f32.const 2))))
  (func $f84 (type $s) (call $bits32 (f32.min (local.get 0) (f32.const 2))))
  (func $f85 (type $s) (call $bits32 (f32.max (local.get 0) (f32.const 2))))
  (func $f86 (type $s) (call $bits32 (f32.copysign (local.get 0) (f32.const 2))))
  (func $f87 (type $s) (call $bits32 (f32.sub (f32.const 2) (local.get 0))))
  (func $f88 (type $s) (call $bits32 (f32.neg (f32.mul (local.get 0) (local.get 1)))))
  (func $f89 (type $s) (call $bits32 (f32.add (f32.mul (local.get 0) (local.get 1)) (local.get 0))))
  (func $f90 (type $s) (call $bits32 (f32.sub (local.get 1) (f32.mul (local.get 0) (local.get 1)))))
  (func $f91 (type $s) (call $bits32 (f32.abs (f32.neg (local.get 0)))))
  (func $f92 (type $s) (call $bits32 (f32.neg (f32.neg (local.get 0)))))
  (func $f93 (type $s) (call $bits32 (f32.sub (local.get 0) (f32.sub (local.get 1) (local.get 0))))))
(assert_return (invoke "scalar" (i32.const 0) (i32.const 40)) (i64.const 0xa9366a374455677)) ;; add
(assert_return (invoke "scalar" (i32.const 1) (i32.const 40)) (i64.const 0x4cc1f670f8096e0d)) ;; sub
(assert_return (invoke "scalar" (i32.const 2) (i32.const 40)) (i64.const 0xbe080a5f11ba9f28)) ;; mul
(assert_return (invoke "scalar" (i32.const 3) (i32.const 40)) (i64.const 0x7879ca286c18c5f9)) ;; div
(assert_return (invoke "scalar" (i32.const 4) (i32.const 40)) (i64.const 0x420660c330d45b92)) ;; min
(assert_return (invoke "scalar" (i32.const 5) (i32.const 40)) (i64.const 0x392d3215ae72404a)) ;; max
(assert_return (invoke "scalar" (i32.const 6) (i32.const 40)) (i64.const 0x3655ff259af600c9)) ;; copysign
(assert_return (invoke "scalar" (i32.const 7) (i32.const 1)) (i64.const 0xab4d1b6763ec9361)) ;; abs
(assert_return (invoke "scalar" (i32.const 8) (i32.const 1)) (i64.const 0xf09aa1c1d696baa6)) ;; neg
(assert_return (invoke "scalar" (i32.const 9) (i32.const 1)) (i64.const 0x365853a15ceaab31)) ;; sqrt
(assert_return (invoke "scalar" (i32.const 10) (i32.const 1)) (i64.const 0xddba86fc5347edcb)) ;; ceil
(assert_return (invoke "scalar" (i32.const 11) (i32.const 1)) (i64.const 0x590c4bb405f87d22)) ;; floor
(assert_return (invoke "scalar" (i32.const 12) (i32.const 1)) (i64.const 0x3d5038e8808f3408)) ;; trunc
(assert_return (invoke "scalar" (i32.const 13) (i32.const 1)) (i64.const 0xf0cdb09d317c132c)) ;; nearest
(assert_return (invoke "scalar" (i32.const 14) (i32.const 40)) (i64.const 0xb5885ae2c8778633)) ;; eq
(assert_return (invoke "scalar" (i32.const 15) (i32.const 40)) (i64.const 0x3a64155ad1b4a8a9)) ;; if eq
(assert_return (invoke "scalar" (i32.const 16) (i32.const 40)) (i64.const 0x7d91f3a0bd3e9963)) ;; not eq
(assert_return (invoke "scalar" (i32.const 17) (i32.const 40)) (i64.const 0x7d91f3a0bd3e9963)) ;; ne
(assert_return (invoke "scalar" (i32.const 18) (i32.const 40)) (i64.const 0xbcf04925613b65e9)) ;; if ne
(assert_return (invoke "scalar" (i32.const 19) (i32.const 40)) (i64.const 0xb5885ae2c8778633)) ;; not ne
(assert_return (invoke "scalar" (i32.const 20) (i32.const 40)) (i64.const 0xdd95f79b5f48c2db)) ;; lt
(assert_return (invoke "scalar" (i32.const 21) (i32.const 40)) (i64.const 0xf5e4f1b4652b1295)) ;; if lt
(assert_return (invoke "scalar" (i32.const 22) (i32.const 40)) (i64.const 0x26ecc108c319579)) ;; not lt
(assert_return (invoke "scalar" (i32.const 23) (i32.const 40)) (i64.const 0xb0fccd496585946b)) ;; gt
(assert_return (invoke "scalar" (i32.const 24) (i32.const 40)) (i64.const 0xc6deb776e7e5a7ed)) ;; if gt
(assert_return (invoke "scalar" (i32.const 25) (i32.const 40)) (i64.const 0x47f67670c00c461b)) ;; not gt
(assert_return (invoke "scalar" (i32.const 26) (i32.const 40)) (i64.const 0xf366ad7bbb244aab)) ;; le
(assert_return (invoke "scalar" (i32.const 27) (i32.const 40)) (i64.const 0x85e547136c8dd111)) ;; if le
(assert_return (invoke "scalar" (i32.const 28) (i32.const 40)) (i64.const 0x744cb0b22629a7f5)) ;; not le
(assert_return (invoke "scalar" (i32.const 29) (i32.const 40)) (i64.const 0x17219e9c77643f84)) ;; ge
(assert_return (invoke "scalar" (i32.const 30) (i32.const 40)) (i64.const 0x36cd2347d0581151)) ;; if ge
(assert_return (invoke "scalar" (i32.const 31) (i32.const 40)) (i64.const 0x68a4ba214d91e9cd)) ;; not ge
(assert_return (invoke "scalar" (i32.const 32) (i32.const 1)) (i64.const 0xc2edb05451717de0)) ;; add 0
(assert_return (invoke "scalar" (i32.const 33) (i32.const 1)) (i64.const 0x7a8149b16aab67a5)) ;; sub 0
(assert_return (invoke "scalar" (i32.const 34) (i32.const 1)) (i64.const 0x549df8f25154a005)) ;; mul 0
(assert_return (invoke "scalar" (i32.const 35) (i32.const 1)) (i64.const 0xc27d670cf1c29255)) ;; div 0
(assert_return (invoke "scalar" (i32.const 36) (i32.const 1)) (i64.const 0x89ae07bcdca2e021)) ;; min 0
(assert_return (invoke "scalar" (i32.const 37) (i32.const 1)) (i64.const 0xb47258350dd2cacc)) ;; max 0
(assert_return (invoke "scalar" (i32.const 38) (i32.const 1)) (i64.const 0xab4d1b6763ec9361)) ;; copysign 0
(assert_return (invoke "scalar" (i32.const 39) (i32.const 1)) (i64.const 0xc5846fca23480ea3)) ;; 0 minus
(assert_return (invoke "scalar" (i32.const 40) (i32.const 1)) (i64.const 0x7a8149b16aab67a5)) ;; add -0
(assert_return (invoke "scalar" (i32.const 41) (i32.const 1)) (i64.const 0xc2edb05451717de0)) ;; sub -0
(assert_return (invoke "scalar" (i32.const 42) (i32.const 1)) (i64.const 0xddf8025db2cdbfe0)) ;; mul -0
(assert_return (invoke "scalar" (i32.const 43) (i32.const 1)) (i64.const 0x71249be59a7cca51)) ;; div -0
(assert_return (invoke "scalar" (i32.const 44) (i32.const 1)) (i64.const 0xc719f933838fd076)) ;; min -0
(assert_return (invoke "scalar" (i32.const 45) (i32.const 1)) (i64.const 0x7ec90dbb163df999)) ;; max -0
(assert_return (invoke "scalar" (i32.const 46) (i32.const 1)) (i64.const 0x847abadf835b3044)) ;; copysign -0
(assert_return (invoke "scalar" (i32.const 47) (i32.const 1)) (i64.const 0xf09aa1c1d696baa6)) ;; -0 minus
(assert_return (invoke "scalar" (i32.const 48) (i32.const 1)) (i64.const 0x2418b05d74e1251a)) ;; add 1
(assert_return (invoke "scalar" (i32.const 49) (i32.const 1)) (i64.const 0xc7c2d78ab8faf799)) ;; sub 1
(assert_return (invoke "scalar" (i32.const 50) (i32.const 1)) (i64.const 0x7a8149b16aab67a5)) ;; mul 1
(assert_return (invoke "scalar" (i32.const 51) (i32.const 1)) (i64.const 0x7a8149b16aab67a5)) ;; div 1
(assert_return (invoke "scalar" (i32.const 52) (i32.const 1)) (i64.const 0x4a49929ad0d955f3)) ;; min 1
(assert_return (invoke "scalar" (i32.const 53) (i32.const 1)) (i64.const 0x7b219d96f00023c3)) ;; max 1
(assert_return (invoke "scalar" (i32.const 54) (i32.const 1)) (i64.const 0xab4d1b6763ec9361)) ;; copysign 1
(assert_return (invoke "scalar" (i32.const 55) (i32.const 1)) (i64.const 0x3889cdcb4687ca07)) ;; 1 minus
(assert_return (invoke "scalar" (i32.const 56) (i32.const 1)) (i64.const 0xc7c2d78ab8faf799)) ;; add -1
(assert_return (invoke "scalar" (i32.const 57) (i32.const 1)) (i64.const 0x2418b05d74e1251a)) ;; sub -1
(assert_return (invoke "scalar" (i32.const 58) (i32.const 1)) (i64.const 0xf09aa1c1d696baa6)) ;; mul -1
(assert_return (invoke "scalar" (i32.const 59) (i32.const 1)) (i64.const 0xf09aa1c1d696baa6)) ;; div -1
(assert_return (invoke "scalar" (i32.const 60) (i32.const 1)) (i64.const 0xea4420dffea187d9)) ;; min -1
(assert_return (invoke "scalar" (i32.const 61) (i32.const 1)) (i64.const 0xbc66b15c13311c7a)) ;; max -1
(assert_return (invoke "scalar" (i32.const 62) (i32.const 1)) (i64.const 0x847abadf835b3044)) ;; copysign -1
(assert_return (invoke "scalar" (i32.const 63) (i32.const 1)) (i64.const 0xbd580cbf2527005b)) ;; -1 minus
(assert_return (invoke "scalar" (i32.const 64) (i32.const 1)) (i64.const 0x7eff5eb31bf5b4ae)) ;; add inf
(assert_return (invoke "scalar" (i32.const 65) (i32.const 1)) (i64.const 0x39661affdc2785cb)) ;; sub inf
(assert_return (invoke "scalar" (i32.const 66) (i32.const 1)) (i64.const 0xc27d670cf1c29255)) ;; mul inf
(assert_return (invoke "scalar" (i32.const 67) (i32.const 1)) (i64.const 0x549df8f25154a005)) ;; div inf
(assert_return (invoke "scalar" (i32.const 68) (i32.const 1)) (i64.const 0x7a8149b16aab67a5)) ;; min inf
(assert_return (invoke "scalar" (i32.const 69) (i32.const 1)) (i64.const 0xe8e651ed63aa9016)) ;; max inf
(assert_return (invoke "scalar" (i32.const 70) (i32.const 1)) (i64.const 0xab4d1b6763ec9361)) ;; copysign inf
(assert_return (invoke "scalar" (i32.const 71) (i32.const 1)) (i64.const 0x7b064ea221a3ff42)) ;; inf minus
(assert_return (invoke "scalar" (i32.const 72) (i32.const 1)) (i64.const 0x39661affdc2785cb)) ;; add -inf
(assert_return (invoke "scalar" (i32.const 73) (i32.const 1)) (i64.const 0x7eff5eb31bf5b4ae)) ;; sub -inf
(assert_return (invoke "scalar" (i32.const 74) (i32.const 1)) (i64.const 0x71249be59a7cca51)) ;; mul -inf
(assert_return (invoke "scalar" (i32.const 75) (i32.const 1)) (i64.const 0xddf8025db2cdbfe0)) ;; div -inf
(assert_return (invoke "scalar" (i32.const 76) (i32.const 1)) (i64.const 0xc2196328d519744e)) ;; min -inf
(assert_return (invoke "scalar" (i32.const 77) (i32.const 1)) (i64.const 0x7a8149b16aab67a5)) ;; max -inf
(assert_return (invoke "scalar" (i32.const 78) (i32.const 1)) (i64.const 0x847abadf835b3044)) ;; copysign -inf
(assert_return (invoke "scalar" (i32.const 79) (i32.const 1)) (i64.const 0xb11be3ec580753ab)) ;; -inf minus
(assert_return (invoke "scalar" (i32.const 80) (i32.const 1)) (i64.const 0x1df594de6570ecf7)) ;; add 2
(assert_return (invoke "scalar" (i32.const 81) (i32.const 1)) (i64.const 0xdf714c4a0d5bf461)) ;; sub 2
(assert_return (invoke "scalar" (i32.const 82) (i32.const 1)) (i64.const 0x81c2b25334332761)) ;; mul 2
(assert_return (invoke "scalar" (i32.const 83) (i32.const 1)) (i64.const 0xba73b254352ea325)) ;; div 2
(assert_return (invoke "scalar" (i32.const 84) (i32.const 1)) (i64.const 0x18960c8fa892ffc3)) ;; min 2
(assert_return (invoke "scalar" (i32.const 85) (i32.const 1)) (i64.const 0x8f30c7cdcf447c43)) ;; max 2
(assert_return (invoke "scalar" (i32.const 86) (i32.const 1)) (i64.const 0xab4d1b6763ec9361)) ;; copysign 2
(assert_return (invoke "scalar" (i32.const 87) (i32.const 1)) (i64.const 0xb89987a168b0418d)) ;; 2 minus
(assert_return (invoke "scalar" (i32.const 88) (i32.const 40)) (i64.const 0xca9c4fa19d19ba34)) ;; neg of a product
(assert_return (invoke "scalar" (i32.const 89) (i32.const 40)) (i64.const 0xd96ab5b7c32febaa)) ;; no fused sum
(assert_return (invoke "scalar" (i32.const 90) (i32.const 40)) (i64.const 0xca80799fdb38898)) ;; no fused difference
(assert_return (invoke "scalar" (i32.const 91) (i32.const 1)) (i64.const 0xab4d1b6763ec9361)) ;; abs of neg
(assert_return (invoke "scalar" (i32.const 92) (i32.const 1)) (i64.const 0x7a8149b16aab67a5)) ;; neg of neg
(assert_return (invoke "scalar" (i32.const 93) (i32.const 40)) (i64.const 0x77de9a29bb0705a)) ;; minus minus
