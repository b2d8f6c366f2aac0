;; Kind: miscompile, an `or` of two shifts that becomes one instruction (extr, rotate), at amounts of 0 and of the width. Wasmtime #12318, #10479.
(module
  (type $s (func (param i32 i32) (result i64)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\01\00\00\00\02\00\00\00\03\00\00\00\07\00\00\00\08\00\00\00\1f\00\00\00\20\00\00\00\21\00\00\00\7f\00\00\00\80\00\00\00\ff\00\00\00\00\01\00\00\ff\7f\00\00\00\80\00\00\ff\ff\00\00\00\00\01\00\78\56\34\12\55\55\55\55\fe\ff\ff\7f\ff\ff\ff\7f\00\00\00\80\01\00\00\80\aa\aa\aa\aa\ef\be\ad\de\ff\7f\ff\ff\00\80\ff\ff\7f\ff\ff\ff\80\ff\ff\ff\fe\ff\ff\ff\ff\ff\ff\ff")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24 $f25 $f26 $f27 $f28 $f29 $f30 $f31 $f32 $f33 $f34 $f35 $f36 $f37 $f38 $f39 $f40 $f41 $f42))
  ;; The digest of what function $f gives for each value and, beside it, the first $n values; or itself, where $n is 1.
  (func (export "scalar") (param $f i32) (param $n i32) (result i64) (local $h i64) (local $i i32) (local $j i32) (local $a i32)
    (loop $o
      (local.set $a (i32.load (i32.shl (local.get $i) (i32.const 2))))
      (local.set $j (i32.const 0))
      (loop $p
        (local.set $h (call $mix (local.get $h) (call_indirect (type $s) (local.get $a) (if (result i32) (i32.eq (local.get $n) (i32.const 1)) (then (local.get $a)) (else (i32.load (i32.shl (local.get $j) (i32.const 2))))) (local.get $f))))
        (br_if $p (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $o (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 31))))
    (local.get $h))
  (func $f0 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 0)) (i32.shr_u (local.get 1) (i32.const 32)))))
  (func $f1 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 1)) (i32.shr_u (local.get 1) (i32.const 31)))))
  (func $f2 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 2)) (i32.shr_u (local.get 1) (i32.const 30)))))
  (func $f3 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 3)) (i32.shr_u (local.get 1) (i32.const 29)))))
  (func $f4 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 4)) (i32.shr_u (local.get 1) (i32.const 28)))))
  (func $f5 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 5)) (i32.shr_u (local.get 1) (i32.const 27)))))
  (func $f6 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 6)) (i32.shr_u (local.get 1) (i32.const 26)))))
  (func $f7 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 7)) (i32.shr_u (local.get 1) (i32.const 25)))))
  (func $f8 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 8)) (i32.shr_u (local.get 1) (i32.const 24)))))
  (func $f9 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 9)) (i32.shr_u (local.get 1) (i32.const 23)))))
  (func $f10 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 10)) (i32.shr_u (local.get 1) (i32.const 22)))))
  (func $f11 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 11)) (i32.shr_u (local.get 1) (i32.const 21)))))
  (func $f12 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 12)) (i32.shr_u (local.get 1) (i32.const 20)))))
  (func $f13 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 13)) (i32.shr_u (local.get 1) (i32.const 19)))))
  (func $f14 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 14)) (i32.shr_u (local.get 1) (i32.const 18)))))
  (func $f15 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 15)) (i32.shr_u (local.get 1) (i32.const 17)))))
  (func $f16 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 16)) (i32.shr_u (local.get 1) (i32.const 16)))))
  (func $f17 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 17)) (i32.shr_u (local.get 1) (i32.const 15)))))
  (func $f18 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 18)) (i32.shr_u (local.get 1) (i32.const 14)))))
  (func $f19 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 19)) (i32.shr_u (local.get 1) (i32.const 13)))))
  (func $f20 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 20)) (i32.shr_u (local.get 1) (i32.const 12)))))
  (func $f21 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 21)) (i32.shr_u (local.get 1) (i32.const 11)))))
  (func $f22 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 22)) (i32.shr_u (local.get 1) (i32.const 10)))))
  (func $f23 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 23)) (i32.shr_u (local.get 1) (i32.const 9)))))
  (func $f24 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 24)) (i32.shr_u (local.get 1) (i32.const 8)))))
  (func $f25 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 25)) (i32.shr_u (local.get 1) (i32.const 7)))))
  (func $f26 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 26)) (i32.shr_u (local.get 1) (i32.const 6)))))
  (func $f27 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 27)) (i32.shr_u (local.get 1) (i32.const 5)))))
  (func $f28 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 28)) (i32.shr_u (local.get 1) (i32.const 4)))))
  (func $f29 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 29)) (i32.shr_u (local.get 1) (i32.const 3)))))
  (func $f30 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 30)) (i32.shr_u (local.get 1) (i32.const 2)))))
  (func $f31 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 31)) (i32.shr_u (local.get 1) (i32.const 1)))))
  (func $f32 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 32)) (i32.shr_u (local.get 1) (i32.const 0)))))
  (func $f33 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 33)) (i32.shr_u (local.get 1) (i32.const -1)))))
  (func $f34 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 34)) (i32.shr_u (local.get 1) (i32.const -2)))))
  (func $f35 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 32)) (i32.shr_u (local.get 1) (i32.const 0)))))
  (func $f36 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const 64)) (i32.shr_u (local.get 1) (i32.const -32)))))
  (func $f37 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (i32.const -1)) (i32.shr_u (local.get 1) (i32.const 33)))))
  (func $f38 (type $s) (i64.extend_i32_u (i32.or (i32.shl (local.get 0) (local.get 1)) (i32.shr_u (local.get 0) (i32.sub (i32.const 32) (local.get 1))))))
  (func $f39 (type $s) (i64.extend_i32_u (i32.xor (i32.shl (local.get 0) (i32.const 0)) (i32.shr_u (local.get 0) (i32.const 32)))))
  (func $f40 (type $s) (i64.extend_i32_u (i32.xor (i32.shl (local.get 0) (i32.const 1)) (i32.shr_u (local.get 0) (i32.const 31)))))
  (func $f41 (type $s) (i64.extend_i32_u (i32.xor (i32.shl (local.get 0) (i32.const 31)) (i32.shr_u (local.get 0) (i32.const 1)))))
  (func $f42 (type $s) (i64.extend_i32_u (i32.xor (i32.shl (local.get 0) (i32.const 32)) (i32.shr_u (local.get 0) (i32.const 0))))))
(assert_return (invoke "scalar" (i32.const 0) (i32.const 31)) (i64.const 0x41f1005c33593b8)) ;; or 0
(assert_return (invoke "scalar" (i32.const 1) (i32.const 31)) (i64.const 0xb6027867272a34aa)) ;; or 1
(assert_return (invoke "scalar" (i32.const 2) (i32.const 31)) (i64.const 0x9ee4a94e1311c83e)) ;; or 2
(assert_return (invoke "scalar" (i32.const 3) (i32.const 31)) (i64.const 0xf6fe4977e3ad9e54)) ;; or 3
(assert_return (invoke "scalar" (i32.const 4) (i32.const 31)) (i64.const 0x4b2d7b555f1cffae)) ;; or 4
(assert_return (invoke "scalar" (i32.const 5) (i32.const 31)) (i64.const 0xccbaa638c76d782c)) ;; or 5
(assert_return (invoke "scalar" (i32.const 6) (i32.const 31)) (i64.const 0x108e5f7bdf0b28ce)) ;; or 6
(assert_return (invoke "scalar" (i32.const 7) (i32.const 31)) (i64.const 0xee91f795bf41fe7)) ;; or 7
(assert_return (invoke "scalar" (i32.const 8) (i32.const 31)) (i64.const 0xbae30184c16f4bc9)) ;; or 8
(assert_return (invoke "scalar" (i32.const 9) (i32.const 31)) (i64.const 0x6a90f51734a96861)) ;; or 9
(assert_return (invoke "scalar" (i32.const 10) (i32.const 31)) (i64.const 0xdc99ae06f8c65862)) ;; or 10
(assert_return (invoke "scalar" (i32.const 11) (i32.const 31)) (i64.const 0x31c75841353e909c)) ;; or 11
(assert_return (invoke "scalar" (i32.const 12) (i32.const 31)) (i64.const 0x35f0299fa053c6fd)) ;; or 12
(assert_return (invoke "scalar" (i32.const 13) (i32.const 31)) (i64.const 0x91f3ce5e094f4df3)) ;; or 13
(assert_return (invoke "scalar" (i32.const 14) (i32.const 31)) (i64.const 0xe47d4d9b17bc7e0d)) ;; or 14
(assert_return (invoke "scalar" (i32.const 15) (i32.const 31)) (i64.const 0xa604e0150ba442f3)) ;; or 15
(assert_return (invoke "scalar" (i32.const 16) (i32.const 31)) (i64.const 0x2b96db49e0b65c18)) ;; or 16
(assert_return (invoke "scalar" (i32.const 17) (i32.const 31)) (i64.const 0xb2e5a1de77817cc6)) ;; or 17
(assert_return (invoke "scalar" (i32.const 18) (i32.const 31)) (i64.const 0x5b703256f0fd591c)) ;; or 18
(assert_return (invoke "scalar" (i32.const 19) (i32.const 31)) (i64.const 0x9520f6261ff7faac)) ;; or 19
(assert_return (invoke "scalar" (i32.const 20) (i32.const 31)) (i64.const 0xa25d79911b8d8c83)) ;; or 20
(assert_return (invoke "scalar" (i32.const 21) (i32.const 31)) (i64.const 0xb642e02b6824a061)) ;; or 21
(assert_return (invoke "scalar" (i32.const 22) (i32.const 31)) (i64.const 0x1b05822d83f4b0dd)) ;; or 22
(assert_return (invoke "scalar" (i32.const 23) (i32.const 31)) (i64.const 0xbf174cd3b79c2bb2)) ;; or 23
(assert_return (invoke "scalar" (i32.const 24) (i32.const 31)) (i64.const 0x6d6bcec47e587214)) ;; or 24
(assert_return (invoke "scalar" (i32.const 25) (i32.const 31)) (i64.const 0xee951efc5efc0981)) ;; or 25
(assert_return (invoke "scalar" (i32.const 26) (i32.const 31)) (i64.const 0x4c82d0f8b6fe849a)) ;; or 26
(assert_return (invoke "scalar" (i32.const 27) (i32.const 31)) (i64.const 0x3e01e8e41a9fa3da)) ;; or 27
(assert_return (invoke "scalar" (i32.const 28) (i32.const 31)) (i64.const 0x50daed4bc76432c5)) ;; or 28
(assert_return (invoke "scalar" (i32.const 29) (i32.const 31)) (i64.const 0x1385b1f13349fa57)) ;; or 29
(assert_return (invoke "scalar" (i32.const 30) (i32.const 31)) (i64.const 0xffda9fb5e75fc13d)) ;; or 30
(assert_return (invoke "scalar" (i32.const 31) (i32.const 31)) (i64.const 0xb1d7e67bf08c659a)) ;; or 31
(assert_return (invoke "scalar" (i32.const 32) (i32.const 31)) (i64.const 0x41f1005c33593b8)) ;; or 32
(assert_return (invoke "scalar" (i32.const 33) (i32.const 31)) (i64.const 0xb6027867272a34aa)) ;; or 33
(assert_return (invoke "scalar" (i32.const 34) (i32.const 31)) (i64.const 0x9ee4a94e1311c83e)) ;; or 34
(assert_return (invoke "scalar" (i32.const 35) (i32.const 31)) (i64.const 0x41f1005c33593b8)) ;; or 32
(assert_return (invoke "scalar" (i32.const 36) (i32.const 31)) (i64.const 0x41f1005c33593b8)) ;; or 64
(assert_return (invoke "scalar" (i32.const 37) (i32.const 31)) (i64.const 0xb1d7e67bf08c659a)) ;; or -1
(assert_return (invoke "scalar" (i32.const 38) (i32.const 31)) (i64.const 0x8480f45edd602cda)) ;; variable
(assert_return (invoke "scalar" (i32.const 39) (i32.const 1)) (i64.const 0x0)) ;; xor 0
(assert_return (invoke "scalar" (i32.const 40) (i32.const 1)) (i64.const 0x8a7eef0a20b788b6)) ;; xor 1
(assert_return (invoke "scalar" (i32.const 41) (i32.const 1)) (i64.const 0x2fb447cb9e54fa5e)) ;; xor 31
(assert_return (invoke "scalar" (i32.const 42) (i32.const 1)) (i64.const 0x0)) ;; xor 32

(module
  (type $s (func (param i64 i64) (result i64)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\02\00\00\00\00\00\00\00\03\00\00\00\00\00\00\00\07\00\00\00\00\00\00\00\08\00\00\00\00\00\00\00\1f\00\00\00\00\00\00\00\20\00\00\00\00\00\00\00\3f\00\00\00\00\00\00\00\40\00\00\00\00\00\00\00\41\00\00\00\00\00\00\00\7f\00\00\00\00\00\00\00\80\00\00\00\00\00\00\00\ff\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\ff\7f\00\00\00\00\00\00\00\80\00\00\00\00\00\00\ff\ff\00\00\00\00\00\00\00\00\01\00\00\00\00\00\ff\ff\ff\7f\00\00\00\00\00\00\00\80\00\00\00\00\ff\ff\ff\ff\00\00\00\00\00\00\00\00\01\00\00\00\f0\de\bc\9a\78\56\34\12\55\55\55\55\55\55\55\55\fe\ff\ff\ff\ff\ff\ff\7f\ff\ff\ff\ff\ff\ff\ff\7f\00\00\00\00\00\00\00\80\01\00\00\00\00\00\00\80\be\ba\fe\ca\ef\be\ad\de\00\00\00\00\ff\ff\ff\ff\ff\ff\ff\7f\ff\ff\ff\ff\00\00\00\80\ff\ff\ff\ff\00\80\ff\ff\ff\ff\ff\ff\80\ff\ff\ff\ff\ff\ff\ff\fe\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24 $f25 $f26 $f27 $f28 $f29 $f30))
  ;; The digest of what function $f gives for each value and, beside it, the first $n values; or itself, where $n is 1.
  (func (export "scalar") (param $f i32) (param $n i32) (result i64) (local $h i64) (local $i i32) (local $j i32) (local $a i64)
    (loop $o
      (local.set $a (i64.load (i32.shl (local.get $i) (i32.const 3))))
      (local.set $j (i32.const 0))
      (loop $p
        (local.set $h (call $mix (local.get $h) (call_indirect (type $s) (local.get $a) (if (result i64) (i32.eq (local.get $n) (i32.const 1)) (then (local.get $a)) (else (i64.load (i32.shl (local.get $j) (i32.const 3))))) (local.get $f))))
        (br_if $p (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $o (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 37))))
    (local.get $h))
  (func $f0 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 0)) (i64.shr_u (local.get 1) (i64.const 64))))
  (func $f1 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 3)) (i64.shr_u (local.get 1) (i64.const 61))))
  (func $f2 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 6)) (i64.shr_u (local.get 1) (i64.const 58))))
  (func $f3 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 9)) (i64.shr_u (local.get 1) (i64.const 55))))
  (func $f4 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 12)) (i64.shr_u (local.get 1) (i64.const 52))))
  (func $f5 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 15)) (i64.shr_u (local.get 1) (i64.const 49))))
  (func $f6 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 18)) (i64.shr_u (local.get 1) (i64.const 46))))
  (func $f7 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 21)) (i64.shr_u (local.get 1) (i64.const 43))))
  (func $f8 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 24)) (i64.shr_u (local.get 1) (i64.const 40))))
  (func $f9 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 27)) (i64.shr_u (local.get 1) (i64.const 37))))
  (func $f10 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 30)) (i64.shr_u (local.get 1) (i64.const 34))))
  (func $f11 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 33)) (i64.shr_u (local.get 1) (i64.const 31))))
  (func $f12 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 36)) (i64.shr_u (local.get 1) (i64.const 28))))
  (func $f13 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 39)) (i64.shr_u (local.get 1) (i64.const 25))))
  (func $f14 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 42)) (i64.shr_u (local.get 1) (i64.const 22))))
  (func $f15 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 45)) (i64.shr_u (local.get 1) (i64.const 19))))
  (func $f16 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 48)) (i64.shr_u (local.get 1) (i64.const 16))))
  (func $f17 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 51)) (i64.shr_u (local.get 1) (i64.const 13))))
  (func $f18 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 54)) (i64.shr_u (local.get 1) (i64.const 10))))
  (func $f19 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 57)) (i64.shr_u (local.get 1) (i64.const 7))))
  (func $f20 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 60)) (i64.shr_u (local.get 1) (i64.const 4))))
  (func $f21 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 63)) (i64.shr_u (local.get 1) (i64.const 1))))
  (func $f22 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 66)) (i64.shr_u (local.get 1) (i64.const -2))))
  (func $f23 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 64)) (i64.shr_u (local.get 1) (i64.const 0))))
  (func $f24 (type $s) (i64.or (i64.shl (local.get 0) (i64.const 128)) (i64.shr_u (local.get 1) (i64.const -64))))
  (func $f25 (type $s) (i64.or (i64.shl (local.get 0) (i64.const -1)) (i64.shr_u (local.get 1) (i64.const 65))))
  (func $f26 (type $s) (i64.or (i64.shl (local.get 0) (local.get 1)) (i64.shr_u (local.get 0) (i64.sub (i64.const 64) (local.get 1)))))
  (func $f27 (type $s) (i64.xor (i64.shl (local.get 0) (i64.const 0)) (i64.shr_u (local.get 0) (i64.const 64))))
  (func $f28 (type $s) (i64.xor (i64.shl (local.get 0) (i64.const 1)) (i64.shr_u (local.get 0) (i64.const 63))))
  (func $f29 (type $s) (i64.xor (i64.shl (local.get 0) (i64.const 63)) (i64.shr_u (local.get 0) (i64.const 1))))
  (func $f30 (type $s) (i64.xor (i64.shl (local.get 0) (i64.const 64)) (i64.shr_u (local.get 0) (i64.const 0)))))
(assert_return (invoke "scalar" (i32.const 0) (i32.const 37)) (i64.const 0xa57c3e3b394a29ce)) ;; or 0
(assert_return (invoke "scalar" (i32.const 1) (i32.const 37)) (i64.const 0xdf53cb5c679140d1)) ;; or 3
(assert_return (invoke "scalar" (i32.const 2) (i32.const 37)) (i64.const 0x1d3b25ffbeb8f09d)) ;; or 6
(assert_return (invoke "scalar" (i32.const 3) (i32.const 37)) (i64.const 0xa80ca906b774eaa6)) ;; or 9
(assert_return (invoke "scalar" (i32.const 4) (i32.const 37)) (i64.const 0x49e09f477676e7c0)) ;; or 12
(assert_return (invoke "scalar" (i32.const 5) (i32.const 37)) (i64.const 0x9eb654525adf2a02)) ;; or 15
(assert_return (invoke "scalar" (i32.const 6) (i32.const 37)) (i64.const 0x1e20c11d647735b1)) ;; or 18
(assert_return (invoke "scalar" (i32.const 7) (i32.const 37)) (i64.const 0xc6aea90f7e6623f4)) ;; or 21
(assert_return (invoke "scalar" (i32.const 8) (i32.const 37)) (i64.const 0xa75e6c3631adb96e)) ;; or 24
(assert_return (invoke "scalar" (i32.const 9) (i32.const 37)) (i64.const 0xb0c1eb56bb082a70)) ;; or 27
(assert_return (invoke "scalar" (i32.const 10) (i32.const 37)) (i64.const 0xb2f478f08e7932b7)) ;; or 30
(assert_return (invoke "scalar" (i32.const 11) (i32.const 37)) (i64.const 0x11d407387c52ec71)) ;; or 33
(assert_return (invoke "scalar" (i32.const 12) (i32.const 37)) (i64.const 0xf2c1fdf9e8e3d8e0)) ;; or 36
(assert_return (invoke "scalar" (i32.const 13) (i32.const 37)) (i64.const 0x91a3153ca14b672f)) ;; or 39
(assert_return (invoke "scalar" (i32.const 14) (i32.const 37)) (i64.const 0x5d383bef7be3e867)) ;; or 42
(assert_return (invoke "scalar" (i32.const 15) (i32.const 37)) (i64.const 0x3a361b0715a8e580)) ;; or 45
(assert_return (invoke "scalar" (i32.const 16) (i32.const 37)) (i64.const 0x2ad114e66143e755)) ;; or 48
(assert_return (invoke "scalar" (i32.const 17) (i32.const 37)) (i64.const 0xc236cc751850767c)) ;; or 51
(assert_return (invoke "scalar" (i32.const 18) (i32.const 37)) (i64.const 0xf6072d05384b01e9)) ;; or 54
(assert_return (invoke "scalar" (i32.const 19) (i32.const 37)) (i64.const 0x49eacabfbc67708d)) ;; or 57
(assert_return (invoke "scalar" (i32.const 20) (i32.const 37)) (i64.const 0xe146f0ca70e3130)) ;; or 60
(assert_return (invoke "scalar" (i32.const 21) (i32.const 37)) (i64.const 0x62dc78635ce337d1)) ;; or 63
(assert_return (invoke "scalar" (i32.const 22) (i32.const 37)) (i64.const 0x976b2c99abe25646)) ;; or 66
(assert_return (invoke "scalar" (i32.const 23) (i32.const 37)) (i64.const 0xa57c3e3b394a29ce)) ;; or 64
(assert_return (invoke "scalar" (i32.const 24) (i32.const 37)) (i64.const 0xa57c3e3b394a29ce)) ;; or 128
(assert_return (invoke "scalar" (i32.const 25) (i32.const 37)) (i64.const 0x62dc78635ce337d1)) ;; or -1
(assert_return (invoke "scalar" (i32.const 26) (i32.const 37)) (i64.const 0xcaf7b42cec278a8e)) ;; variable
(assert_return (invoke "scalar" (i32.const 27) (i32.const 1)) (i64.const 0x0)) ;; xor 0
(assert_return (invoke "scalar" (i32.const 28) (i32.const 1)) (i64.const 0x92a4910d444afc3b)) ;; xor 1
(assert_return (invoke "scalar" (i32.const 29) (i32.const 1)) (i64.const 0x804ad597fdc25092)) ;; xor 63
(assert_return (invoke "scalar" (i32.const 30) (i32.const 1)) (i64.const 0x0)) ;; xor 64
