;; Kind: miscompile, f64 arithmetic at signed zero, NaN, subnormals and halves; no fusing, no unsafe folding. Wasmtime #3327 (kind), WasmEdge #3001.
(module
  (type $s (func (param f64 f64) (result i64)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\80\00\00\00\00\00\00\f0\3f\00\00\00\00\00\00\f0\bf\00\00\00\00\00\00\e0\3f\00\00\00\00\00\00\e0\bf\00\00\00\00\00\00\f8\3f\00\00\00\00\00\00\04\40\00\00\00\00\00\00\f8\bf\00\00\00\00\00\00\04\c0\ad\a9\c9\df\ff\ff\df\3f\9a\99\99\99\99\99\0d\40\9a\99\99\99\99\99\0d\c0\00\00\00\00\00\e0\5f\40\00\00\00\00\00\10\60\c0\00\00\00\00\00\f0\6f\40\00\00\00\00\e0\ff\df\40\00\00\00\00\f0\ff\ef\40\00\00\00\e0\ff\ff\df\41\00\00\00\00\00\00\e0\41\00\00\00\00\00\00\e0\c1\00\00\00\20\00\00\e0\c1\00\00\00\e0\ff\ff\ef\41\00\00\00\00\00\00\f0\41\ec\a8\a5\c3\ff\ff\df\43\00\00\00\00\00\00\e0\43\00\00\00\00\00\00\e0\c3\00\00\00\00\00\00\f0\43\8a\f2\21\bf\3c\36\ec\47\8a\f2\21\bf\3c\36\ec\c7\9c\57\77\27\26\6c\a1\37\9c\57\77\27\26\6c\a1\b7\a8\db\9f\ff\ff\ff\0f\38\00\00\00\e0\ff\ff\5f\41\00\00\00\00\00\00\60\41\00\00\00\20\00\00\60\c1\00\00\00\10\00\00\70\41\00\00\00\00\00\00\f0\7f\00\00\00\00\00\00\f0\ff\00\00\00\00\00\00\f8\7f\ff\ff\ff\ff\ff\ff\df\3f\ff\ff\ff\ff\ff\ff\2f\43\00\00\00\00\00\00\30\43\01\00\00\00\00\00\30\c3\00\00\00\00\00\00\40\43\00\00\c0\ff\ff\ff\df\41\00\00\e0\ff\ff\ff\df\41\00\00\10\00\00\00\e0\41\cd\cc\1c\00\00\00\e0\c1\00\00\20\00\00\00\e0\c1\00\00\e0\ff\ff\ff\ef\41\00\00\f0\ff\ff\ff\ef\41\ff\ff\ff\ff\ff\ff\ef\bf\fe\ff\ff\ff\ff\ff\df\43\ff\ff\ff\ff\ff\ff\ef\43\9c\75\00\88\3c\e4\37\7e\9c\75\00\88\3c\e4\37\fe\01\00\00\00\00\00\00\00\01\00\00\00\00\00\00\80\00\00\00\f0\ff\ff\ef\47\ff\ff\ff\ef\ff\ff\ef\47\00\00\00\00\00\00\a0\36\6a\95\4d\bf\68\f8\8f\36")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (func $bits32 (param f32) (result i64)
    (if (result i64) (f32.ne (local.get 0) (local.get 0)) (then (i64.const 0x7fc00000)) (else (i64.extend_i32_u (i32.reinterpret_f32 (local.get 0))))))
  (func $bits64 (param f64) (result i64)
    (if (result i64) (f64.ne (local.get 0) (local.get 0)) (then (i64.const 0x7ff8000000000000)) (else (i64.reinterpret_f64 (local.get 0)))))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24 $f25 $f26 $f27 $f28 $f29 $f30 $f31 $f32 $f33 $f34 $f35 $f36 $f37 $f38 $f39 $f40 $f41 $f42 $f43 $f44 $f45 $f46 $f47 $f48 $f49 $f50 $f51 $f52 $f53 $f54 $f55 $f56 $f57 $f58 $f59 $f60 $f61 $f62 $f63 $f64 $f65 $f66 $f67 $f68 $f69 $f70 $f71 $f72 $f73 $f74 $f75 $f76 $f77 $f78 $f79 $f80 $f81 $f82 $f83 $f84 $f85 $f86 $f87 $f88 $f89 $f90 $f91 $f92 $f93))
  ;; The digest of what function $f gives for each value and, beside it, the first $n values; or itself, where $n is 1.
  (func (export "scalar") (param $f i32) (param $n i32) (result i64) (local $h i64) (local $i i32) (local $j i32) (local $a f64)
    (loop $o
      (local.set $a (f64.load (i32.shl (local.get $i) (i32.const 3))))
      (local.set $j (i32.const 0))
      (loop $p
        (local.set $h (call $mix (local.get $h) (call_indirect (type $s) (local.get $a) (if (result f64) (i32.eq (local.get $n) (i32.const 1)) (then (local.get $a)) (else (f64.load (i32.shl (local.get $j) (i32.const 3))))) (local.get $f))))
        (br_if $p (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $o (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 63))))
    (local.get $h))
  (func $f0 (type $s) (call $bits64 (f64.add (local.get 0) (local.get 1))))
  (func $f1 (type $s) (call $bits64 (f64.sub (local.get 0) (local.get 1))))
  (func $f2 (type $s) (call $bits64 (f64.mul (local.get 0) (local.get 1))))
  (func $f3 (type $s) (call $bits64 (f64.div (local.get 0) (local.get 1))))
  (func $f4 (type $s) (call $bits64 (f64.min (local.get 0) (local.get 1))))
  (func $f5 (type $s) (call $bits64 (f64.max (local.get 0) (local.get 1))))
  (func $f6 (type $s) (call $bits64 (f64.copysign (local.get 0) (local.get 1))))
  (func $f7 (type $s) (call $bits64 (f64.abs (local.get 0))))
  (func $f8 (type $s) (call $bits64 (f64.neg (local.get 0))))
  (func $f9 (type $s) (call $bits64 (f64.sqrt (local.get 0))))
  (func $f10 (type $s) (call $bits64 (f64.ceil (local.get 0))))
  (func $f11 (type $s) (call $bits64 (f64.floor (local.get 0))))
  (func $f12 (type $s) (call $bits64 (f64.trunc (local.get 0))))
  (func $f13 (type $s) (call $bits64 (f64.nearest (local.get 0))))
  (func $f14 (type $s) (i64.extend_i32_u (f64.eq (local.get 0) (local.get 1))))
  (func $f15 (type $s) (i64.extend_i32_u (if (result i32) (f64.eq (local.get 0) (local.get 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f16 (type $s) (i64.extend_i32_u (i32.eqz (f64.eq (local.get 0) (local.get 1)))))
  (func $f17 (type $s) (i64.extend_i32_u (f64.ne (local.get 0) (local.get 1))))
  (func $f18 (type $s) (i64.extend_i32_u (if (result i32) (f64.ne (local.get 0) (local.get 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f19 (type $s) (i64.extend_i32_u (i32.eqz (f64.ne (local.get 0) (local.get 1)))))
  (func $f20 (type $s) (i64.extend_i32_u (f64.lt (local.get 0) (local.get 1))))
  (func $f21 (type $s) (i64.extend_i32_u (if (result i32) (f64.lt (local.get 0) (local.get 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f22 (type $s) (i64.extend_i32_u (i32.eqz (f64.lt (local.get 0) (local.get 1)))))
  (func $f23 (type $s) (i64.extend_i32_u (f64.gt (local.get 0) (local.get 1))))
  (func $f24 (type $s) (i64.extend_i32_u (if (result i32) (f64.gt (local.get 0) (local.get 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f25 (type $s) (i64.extend_i32_u (i32.eqz (f64.gt (local.get 0) (local.get 1)))))
  (func $f26 (type $s) (i64.extend_i32_u (f64.le (local.get 0) (local.get 1))))
  (func $f27 (type $s) (i64.extend_i32_u (if (result i32) (f64.le (local.get 0) (local.get 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f28 (type $s) (i64.extend_i32_u (i32.eqz (f64.le (local.get 0) (local.get 1)))))
  (func $f29 (type $s) (i64.extend_i32_u (f64.ge (local.get 0) (local.get 1))))
  (func $f30 (type $s) (i64.extend_i32_u (if (result i32) (f64.ge (local.get 0) (local.get 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f31 (type $s) (i64.extend_i32_u (i32.eqz (f64.ge (local.get 0) (local.get 1)))))
  (func $f32 (type $s) (call $bits64 (f64.add (local.get 0) (f64.const 0))))
  (func $f33 (type $s) (call $bits64 (f64.sub (local.get 0) (f64.const 0))))
  (func $f34 (type $s) (call $bits64 (f64.mul (local.get 0) (f64.const 0))))
  (func $f35 (type $s) (call $bits64 (f64.div (local.get 0) (f64.const 0))))
  (func $f36 (type $s) (call $bits64 (f64.min (local.get 0) (f64.const 0))))
  (func $f37 (type $s) (call $bits64 (f64.max (local.get 0) (f64.const 0))))
  (func $f38 (type $s) (call $bits64 (f64.copysign (local.get 0) (f64.const 0))))
  (func $f39 (type $s) (call $bits64 (f64.sub (f64.const 0) (local.get 0))))
  (func $f40 (type $s) (call $bits64 (f64.add (local.get 0) (f64.const -0))))
  (func $f41 (type $s) (call $bits64 (f64.sub (local.get 0) (f64.const -0))))
  (func $f42 (type $s) (call $bits64 (f64.mul (local.get 0) (f64.const -0))))
  (func $f43 (type $s) (call $bits64 (f64.div (local.get 0) (f64.const -0))))
  (func $f44 (type $s) (call $bits64 (f64.min (local.get 0) (f64.const -0))))
  (func $f45 (type $s) (call $bits64 (f64.max (local.get 0) (f64.const -0))))
  (func $f46 (type $s) (call $bits64 (f64.copysign (local.get 0) (f64.const -0))))
  (func $f47 (type $s) (call $bits64 (f64.sub (f64.const -0) (local.get 0))))
  (func $f48 (type $s) (call $bits64 (f64.add (local.get 0) (f64.const 1))))
  (func $f49 (type $s) (call $bits64 (f64.sub (local.get 0) (f64.const 1))))
  (func $f50 (type $s) (call $bits64 (f64.mul (local.get 0) (f64.const 1))))
  (func $f51 (type $s) (call $bits64 (f64.div (local.get 0) (f64.const 1))))
  (func $f52 (type $s) (call $bits64 (f64.min (local.get 0) (f64.const 1))))
  (func $f53 (type $s) (call $bits64 (f64.max (local.get 0) (f64.const 1))))
  (func $f54 (type $s) (call $bits64 (f64.copysign (local.get 0) (f64.const 1))))
  (func $f55 (type $s) (call $bits64 (f64.sub (f64.const 1) (local.get 0))))
  (func $f56 (type $s) (call $bits64 (f64.add (local.get 0) (f64.const -1))))
  (func $f57 (type $s) (call $bits64 (f64.sub (local.get 0) (f64.const -1))))
  (func $f58 (type $s) (call $bits64 (f64.mul (local.get 0) (f64.const -1))))
  (func $f59 (type $s) (call $bits64 (f64.div (local.get 0) (f64.const -1))))
  (func $f60 (type $s) (call $bits64 (f64.min (local.get 0) (f64.const -1))))
  (func $f61 (type $s) (call $bits64 (f64.max (local.get 0) (f64.const -1))))
  (func $f62 (type $s) (call $bits64 (f64.copysign (local.get 0) (f64.const -1))))
  (func $f63 (type $s) (call $bits64 (f64.sub (f64.const -1) (local.get 0))))
  (func $f64 (type $s) (call $bits64 (f64.add (local.get 0) (f64.const inf))))
  (func $f65 (type $s) (call $bits64 (f64.sub (local.get 0) (f64.const inf))))
  (func $f66 (type $s) (call $bits64 (f64.mul (local.get 0) (f64.const inf))))
  (func $f67 (type $s) (call $bits64 (f64.div (local.get 0) (f64.const inf))))
  (func $f68 (type $s) (call $bits64 (f64.min (local.get 0) (f64.const inf))))
  (func $f69 (type $s) (call $bits64 (f64.max (local.get 0) (f64.const inf))))
  (func $f70 (type $s) (call $bits64 (f64.copysign (local.get 0) (f64.const inf))))
  (func $f71 (type $s) (call $bits64 (f64.sub (f64.const inf) (local.get 0))))
  (func $f72 (type $s) (call $bits64 (f64.add (local.get 0) (f64.const -inf))))
  (func $f73 (type $s) (call $bits64 (f64.sub (local.get 0) (f64.const -inf))))
  (func $f74 (type $s) (call $bits64 (f64.mul (local.get 0) (f64.const -inf))))
  (func $f75 (type $s) (call $bits64 (f64.div (local.get 0) (f64.const -inf))))
  (func $f76 (type $s) (call $bits64 (f64.min (local.get 0) (f64.const -inf))))
  (func $f77 (type $s) (call $bits64 (f64.max (local.get 0) (f64.const -inf))))
  (func $f78 (type $s) (call $bits64 (f64.copysign (local.get 0) (f64.const -inf))))
  (func $f79 (type $s) (call $bits64 (f64.sub (f64.const -inf) (local.get 0))))
  (func $f80 (type $s) (call $bits64 (f64.add (local.get 0) (f64.const 2))))
  (func $f81 (type $s) (call $bits64 (f64.sub (local.get 0) (f64.const 2))))
  (func $f82 (type $s) (call $bits64 (f64.mul (local.get 0) (f64.const 2))))
  (func $f83 (type $s) (call $bits64 (f64.div (local.get 0) (f64.const 2))))
  (func $f84 (type $s) (call $bits64 (f64.min (local.get 0) (f64.const 2))))
  (func $f85 (type $s) (call $bits64 (f64.max (local.get 0) (f64.const 2))))
  (func $f86 (type $s) (call $bits64 (f64.copysign (local.get 0) (f64.const 2))))
  (func $f87 (type $s) (call $bits64 (f64.sub (f64.const 2) (local.get 0))))
  (func $f88 (type $s) (call $bits64 (f64.neg (f64.mul (local.get 0) (local.get 1)))))
  (func $f89 (type $s) (call $bits64 (f64.add (f64.mul (local.get 0) (local.get 1)) (local.get 0))))
  (func $f90 (type $s) (call $bits64 (f64.sub (local.get 1) (f64.mul (local.get 0) (local.get 1)))))
  (func $f91 (type $s) (call $bits64 (f64.abs (f64.neg (local.get 0)))))
  (func $f92 (type $s) (call $bits64 (f64.neg (f64.neg (local.get 0)))))
  (func $f93 (type $s) (call $bits64 (f64.sub (local.get 0) (f64.sub (local.get 1) (local.get 0))))))
(assert_return (invoke "scalar" (i32.const 0) (i32.const 63)) (i64.const 0xbda91e6dd25fc33f)) ;; add
(assert_return (invoke "scalar" (i32.const 1) (i32.const 63)) (i64.const 0xe445e3690b09bb78)) ;; sub
(assert_return (invoke "scalar" (i32.const 2) (i32.const 63)) (i64.const 0xa8f4353d578fee3f)) ;; mul
(assert_return (invoke "scalar" (i32.const 3) (i32.const 63)) (i64.const 0x2dee519c97df5bd)) ;; div
(assert_return (invoke "scalar" (i32.const 4) (i32.const 63)) (i64.const 0xf19e907e69e51b68)) ;; min
(assert_return (invoke "scalar" (i32.const 5) (i32.const 63)) (i64.const 0x391ff16b3e4d222c)) ;; max
(assert_return (invoke "scalar" (i32.const 6) (i32.const 63)) (i64.const 0x26f826b07ee70684)) ;; copysign
(assert_return (invoke "scalar" (i32.const 7) (i32.const 1)) (i64.const 0x58924c59fb404a65)) ;; abs
(assert_return (invoke "scalar" (i32.const 8) (i32.const 1)) (i64.const 0x9930063634361cfa)) ;; neg
(assert_return (invoke "scalar" (i32.const 9) (i32.const 1)) (i64.const 0x7599b9d8807cd233)) ;; sqrt
(assert_return (invoke "scalar" (i32.const 10) (i32.const 1)) (i64.const 0xb54003c63a2e5570)) ;; ceil
(assert_return (invoke "scalar" (i32.const 11) (i32.const 1)) (i64.const 0xf8e5646d6e38ed10)) ;; floor
(assert_return (invoke "scalar" (i32.const 12) (i32.const 1)) (i64.const 0x75a4d4ea1c81476d)) ;; trunc
(assert_return (invoke "scalar" (i32.const 13) (i32.const 1)) (i64.const 0xfb2a2d1a232524fb)) ;; nearest
(assert_return (invoke "scalar" (i32.const 14) (i32.const 63)) (i64.const 0xad8759cbb8e3181c)) ;; eq
(assert_return (invoke "scalar" (i32.const 15) (i32.const 63)) (i64.const 0x723c0b210556331b)) ;; if eq
(assert_return (invoke "scalar" (i32.const 16) (i32.const 63)) (i64.const 0x7da39517a875d64b)) ;; not eq
(assert_return (invoke "scalar" (i32.const 17) (i32.const 63)) (i64.const 0x7da39517a875d64b)) ;; ne
(assert_return (invoke "scalar" (i32.const 18) (i32.const 63)) (i64.const 0x30684bef507927e)) ;; if ne
(assert_return (invoke "scalar" (i32.const 19) (i32.const 63)) (i64.const 0xad8759cbb8e3181c)) ;; not ne
(assert_return (invoke "scalar" (i32.const 20) (i32.const 63)) (i64.const 0x6257fabc4a7bbfb4)) ;; lt
(assert_return (invoke "scalar" (i32.const 21) (i32.const 63)) (i64.const 0x89d5ed81b1f7b2a)) ;; if lt
(assert_return (invoke "scalar" (i32.const 22) (i32.const 63)) (i64.const 0xd11fd67400c65233)) ;; not lt
(assert_return (invoke "scalar" (i32.const 23) (i32.const 63)) (i64.const 0xb22681ab03f45ba9)) ;; gt
(assert_return (invoke "scalar" (i32.const 24) (i32.const 63)) (i64.const 0xabdf46868f19c620)) ;; if gt
(assert_return (invoke "scalar" (i32.const 25) (i32.const 63)) (i64.const 0xc24b5574e6d0b225)) ;; not gt
(assert_return (invoke "scalar" (i32.const 26) (i32.const 63)) (i64.const 0x96ce5123a408ba5e)) ;; le
(assert_return (invoke "scalar" (i32.const 27) (i32.const 63)) (i64.const 0x7c5d142ff8852b27)) ;; if le
(assert_return (invoke "scalar" (i32.const 28) (i32.const 63)) (i64.const 0xe411d73445d05cc8)) ;; not le
(assert_return (invoke "scalar" (i32.const 29) (i32.const 63)) (i64.const 0xba29a97d1ae206aa)) ;; ge
(assert_return (invoke "scalar" (i32.const 30) (i32.const 63)) (i64.const 0xf12573a0ed673b15)) ;; if ge
(assert_return (invoke "scalar" (i32.const 31) (i32.const 63)) (i64.const 0xbbdac44b80e23670)) ;; not ge
(assert_return (invoke "scalar" (i32.const 32) (i32.const 1)) (i64.const 0x81db7d1eb596600f)) ;; add 0
(assert_return (invoke "scalar" (i32.const 33) (i32.const 1)) (i64.const 0xb1ced534b5654558)) ;; sub 0
(assert_return (invoke "scalar" (i32.const 34) (i32.const 1)) (i64.const 0xe137e554fd1ff958)) ;; mul 0
(assert_return (invoke "scalar" (i32.const 35) (i32.const 1)) (i64.const 0x4abf7199e0fd8db)) ;; div 0
(assert_return (invoke "scalar" (i32.const 36) (i32.const 1)) (i64.const 0x233a11c5ef2057bc)) ;; min 0
(assert_return (invoke "scalar" (i32.const 37) (i32.const 1)) (i64.const 0x2f4ca63d39e5dfe6)) ;; max 0
(assert_return (invoke "scalar" (i32.const 38) (i32.const 1)) (i64.const 0x58924c59fb404a65)) ;; copysign 0
(assert_return (invoke "scalar" (i32.const 39) (i32.const 1)) (i64.const 0xd76b3fba9d085521)) ;; 0 minus
(assert_return (invoke "scalar" (i32.const 40) (i32.const 1)) (i64.const 0xb1ced534b5654558)) ;; add -0
(assert_return (invoke "scalar" (i32.const 41) (i32.const 1)) (i64.const 0x81db7d1eb596600f)) ;; sub -0
(assert_return (invoke "scalar" (i32.const 42) (i32.const 1)) (i64.const 0x74b67651e73f933d)) ;; mul -0
(assert_return (invoke "scalar" (i32.const 43) (i32.const 1)) (i64.const 0x81fbc9ae9ca8f96e)) ;; div -0
(assert_return (invoke "scalar" (i32.const 44) (i32.const 1)) (i64.const 0xe4e68ee618ffae8c)) ;; min -0
(assert_return (invoke "scalar" (i32.const 45) (i32.const 1)) (i64.const 0xfe0083a78cc051bc)) ;; max -0
(assert_return (invoke "scalar" (i32.const 46) (i32.const 1)) (i64.const 0x47fcfd0d7339436)) ;; copysign -0
(assert_return (invoke "scalar" (i32.const 47) (i32.const 1)) (i64.const 0x9930063634361cfa)) ;; -0 minus
(assert_return (invoke "scalar" (i32.const 48) (i32.const 1)) (i64.const 0x2049b58530dac1fd)) ;; add 1
(assert_return (invoke "scalar" (i32.const 49) (i32.const 1)) (i64.const 0xf8348e61d0d2803d)) ;; sub 1
(assert_return (invoke "scalar" (i32.const 50) (i32.const 1)) (i64.const 0xb1ced534b5654558)) ;; mul 1
(assert_return (invoke "scalar" (i32.const 51) (i32.const 1)) (i64.const 0xb1ced534b5654558)) ;; div 1
(assert_return (invoke "scalar" (i32.const 52) (i32.const 1)) (i64.const 0x24b2a77ee15eead0)) ;; min 1
(assert_return (invoke "scalar" (i32.const 53) (i32.const 1)) (i64.const 0x14cf398cf1b58f7f)) ;; max 1
(assert_return (invoke "scalar" (i32.const 54) (i32.const 1)) (i64.const 0x58924c59fb404a65)) ;; copysign 1
(assert_return (invoke "scalar" (i32.const 55) (i32.const 1)) (i64.const 0x4689553c81a1597)) ;; 1 minus
(assert_return (invoke "scalar" (i32.const 56) (i32.const 1)) (i64.const 0xf8348e61d0d2803d)) ;; add -1
(assert_return (invoke "scalar" (i32.const 57) (i32.const 1)) (i64.const 0x2049b58530dac1fd)) ;; sub -1
(assert_return (invoke "scalar" (i32.const 58) (i32.const 1)) (i64.const 0x9930063634361cfa)) ;; mul -1
(assert_return (invoke "scalar" (i32.const 59) (i32.const 1)) (i64.const 0x9930063634361cfa)) ;; div -1
(assert_return (invoke "scalar" (i32.const 60) (i32.const 1)) (i64.const 0xeb3dd0982b5d2a7f)) ;; min -1
(assert_return (invoke "scalar" (i32.const 61) (i32.const 1)) (i64.const 0x83a88128585f02b5)) ;; max -1
(assert_return (invoke "scalar" (i32.const 62) (i32.const 1)) (i64.const 0x47fcfd0d7339436)) ;; copysign -1
(assert_return (invoke "scalar" (i32.const 63) (i32.const 1)) (i64.const 0x52ad67aa1a822a90)) ;; -1 minus
(assert_return (invoke "scalar" (i32.const 64) (i32.const 1)) (i64.const 0x69066e7e949fe952)) ;; add inf
(assert_return (invoke "scalar" (i32.const 65) (i32.const 1)) (i64.const 0xe25222607da5dc7e)) ;; sub inf
(assert_return (invoke "scalar" (i32.const 66) (i32.const 1)) (i64.const 0x4abf7199e0fd8db)) ;; mul inf
(assert_return (invoke "scalar" (i32.const 67) (i32.const 1)) (i64.const 0xe137e554fd1ff958)) ;; div inf
(assert_return (invoke "scalar" (i32.const 68) (i32.const 1)) (i64.const 0xb1ced534b5654558)) ;; min inf
(assert_return (invoke "scalar" (i32.const 69) (i32.const 1)) (i64.const 0x2a782fbdb7a1601f)) ;; max inf
(assert_return (invoke "scalar" (i32.const 70) (i32.const 1)) (i64.const 0x58924c59fb404a65)) ;; copysign inf
(assert_return (invoke "scalar" (i32.const 71) (i32.const 1)) (i64.const 0xaee5106676d36b55)) ;; inf minus
(assert_return (invoke "scalar" (i32.const 72) (i32.const 1)) (i64.const 0xe25222607da5dc7e)) ;; add -inf
(assert_return (invoke "scalar" (i32.const 73) (i32.const 1)) (i64.const 0x69066e7e949fe952)) ;; sub -inf
(assert_return (invoke "scalar" (i32.const 74) (i32.const 1)) (i64.const 0x81fbc9ae9ca8f96e)) ;; mul -inf
(assert_return (invoke "scalar" (i32.const 75) (i32.const 1)) (i64.const 0x74b67651e73f933d)) ;; div -inf
(assert_return (invoke "scalar" (i32.const 76) (i32.const 1)) (i64.const 0x3a3a3c64d706390a)) ;; min -inf
(assert_return (invoke "scalar" (i32.const 77) (i32.const 1)) (i64.const 0xb1ced534b5654558)) ;; max -inf
(assert_return (invoke "scalar" (i32.const 78) (i32.const 1)) (i64.const 0x47fcfd0d7339436)) ;; copysign -inf
(assert_return (invoke "scalar" (i32.const 79) (i32.const 1)) (i64.const 0x8e21085035932b2a)) ;; -inf minus
(assert_return (invoke "scalar" (i32.const 80) (i32.const 1)) (i64.const 0x899bbe844ce42d6c)) ;; add 2
(assert_return (invoke "scalar" (i32.const 81) (i32.const 1)) (i64.const 0xe3fdacc5ed00be5)) ;; sub 2
(assert_return (invoke "scalar" (i32.const 82) (i32.const 1)) (i64.const 0x2499e5e24cd35448)) ;; mul 2
(assert_return (invoke "scalar" (i32.const 83) (i32.const 1)) (i64.const 0xfe505e46d692c537)) ;; div 2
(assert_return (invoke "scalar" (i32.const 84) (i32.const 1)) (i64.const 0xd5ba037a4555b1c9)) ;; min 2
(assert_return (invoke "scalar" (i32.const 85) (i32.const 1)) (i64.const 0x8d48c663c19c77cf)) ;; max 2
(assert_return (invoke "scalar" (i32.const 86) (i32.const 1)) (i64.const 0x58924c59fb404a65)) ;; copysign 2
(assert_return (invoke "scalar" (i32.const 87) (i32.const 1)) (i64.const 0x8dc4d89f91a513c4)) ;; 2 minus
(assert_return (invoke "scalar" (i32.const 88) (i32.const 63)) (i64.const 0x38a3439deb653057)) ;; neg of a product
(assert_return (invoke "scalar" (i32.const 89) (i32.const 63)) (i64.const 0x9bed7e67beb866d3)) ;; no fused sum
(assert_return (invoke "scalar" (i32.const 90) (i32.const 63)) (i64.const 0xd5e301d4d70c96f2)) ;; no fused difference
(assert_return (invoke "scalar" (i32.const 91) (i32.const 1)) (i64.const 0x58924c59fb404a65)) ;; abs of neg
(assert_return (invoke "scalar" (i32.const 92) (i32.const 1)) (i64.const 0xb1ced534b5654558)) ;; neg of neg
(assert_return (invoke "scalar" (i32.const 93) (i32.const 63)) (i64.const 0x50a675e826343b97)) ;; minus minus
