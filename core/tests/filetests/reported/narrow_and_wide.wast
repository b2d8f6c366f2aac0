;; Kind: miscompile, sign and zero extension around narrow arithmetic, products and comparisons. Wasmtime #5498, #5952; the high half of a product.
(module
  (type $s (func (param i32 i32) (result i64)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\01\00\00\00\02\00\00\00\03\00\00\00\07\00\00\00\08\00\00\00\1f\00\00\00\20\00\00\00\21\00\00\00\7f\00\00\00\80\00\00\00\ff\00\00\00\00\01\00\00\ff\7f\00\00\00\80\00\00\ff\ff\00\00\00\00\01\00\78\56\34\12\55\55\55\55\fe\ff\ff\7f\ff\ff\ff\7f\00\00\00\80\01\00\00\80\aa\aa\aa\aa\ef\be\ad\de\ff\7f\ff\ff\00\80\ff\ff\7f\ff\ff\ff\80\ff\ff\ff\fe\ff\ff\ff\ff\ff\ff\ff")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24 $f25 $f26 $f27 $f28 $f29 $f30 $f31 $f32 $f33 $f34 $f35 $f36 $f37 $f38 $f39 $f40 $f41 $f42 $f43 $f44 $f45 $f46 $f47 $f48 $f49 $f50 $f51 $f52 $f53 $f54 $f55 $f56 $f57 $f58 $f59 $f60 $f61 $f62 $f63 $f64 $f65 $f66 $f67 $f68 $f69 $f70 $f71 $f72 $f73 $f74 $f75 $f76 $f77 $f78 $f79 $f80 $f81 $f82 $f83 $f84 $f85 $f86 $f87 $f88 $f89 $f90 $f91 $f92 $f93 $f94 $f95 $f96 $f97 $f98 $f99 $f100 $f101 $f102 $f103 $f104 $f105 $f106 $f107 $f108 $f109))
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
  (func $f0 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.mul (local.get 0) (i32.const -7937)))))
  (func $f1 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.add (local.get 0) (i32.const -7937)))))
  (func $f2 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.sub (local.get 0) (i32.const -7937)))))
  (func $f3 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.and (local.get 0) (i32.const -7937)))))
  (func $f4 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.xor (local.get 0) (i32.const -7937)))))
  (func $f5 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.or (local.get 0) (i32.const -7937)))))
  (func $f6 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.shl (local.get 0) (i32.const -7937)))))
  (func $f7 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.mul (local.get 0) (i32.const -7937)))))
  (func $f8 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.add (local.get 0) (i32.const -7937)))))
  (func $f9 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.sub (local.get 0) (i32.const -7937)))))
  (func $f10 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.and (local.get 0) (i32.const -7937)))))
  (func $f11 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.xor (local.get 0) (i32.const -7937)))))
  (func $f12 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.or (local.get 0) (i32.const -7937)))))
  (func $f13 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.shl (local.get 0) (i32.const -7937)))))
  (func $f14 (type $s) (i64.extend_i32_u (i32.and (i32.mul (local.get 0) (i32.const -7937)) (i32.const 255))))
  (func $f15 (type $s) (i64.extend_i32_u (i32.shr_s (i32.shl (i32.mul (local.get 0) (i32.const -7937)) (i32.const 24)) (i32.const 24))))
  (func $f16 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.mul (local.get 0) (i32.const 3)))))
  (func $f17 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.add (local.get 0) (i32.const 3)))))
  (func $f18 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.sub (local.get 0) (i32.const 3)))))
  (func $f19 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.and (local.get 0) (i32.const 3)))))
  (func $f20 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.xor (local.get 0) (i32.const 3)))))
  (func $f21 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.or (local.get 0) (i32.const 3)))))
  (func $f22 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.shl (local.get 0) (i32.const 3)))))
  (func $f23 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.mul (local.get 0) (i32.const 3)))))
  (func $f24 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.add (local.get 0) (i32.const 3)))))
  (func $f25 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.sub (local.get 0) (i32.const 3)))))
  (func $f26 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.and (local.get 0) (i32.const 3)))))
  (func $f27 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.xor (local.get 0) (i32.const 3)))))
  (func $f28 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.or (local.get 0) (i32.const 3)))))
  (func $f29 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.shl (local.get 0) (i32.const 3)))))
  (func $f30 (type $s) (i64.extend_i32_u (i32.and (i32.mul (local.get 0) (i32.const 3)) (i32.const 255))))
  (func $f31 (type $s) (i64.extend_i32_u (i32.shr_s (i32.shl (i32.mul (local.get 0) (i32.const 3)) (i32.const 24)) (i32.const 24))))
  (func $f32 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.mul (local.get 0) (i32.const 256)))))
  (func $f33 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.add (local.get 0) (i32.const 256)))))
  (func $f34 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.sub (local.get 0) (i32.const 256)))))
  (func $f35 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.and (local.get 0) (i32.const 256)))))
  (func $f36 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.xor (local.get 0) (i32.const 256)))))
  (func $f37 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.or (local.get 0) (i32.const 256)))))
  (func $f38 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.shl (local.get 0) (i32.const 256)))))
  (func $f39 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.mul (local.get 0) (i32.const 256)))))
  (func $f40 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.add (local.get 0) (i32.const 256)))))
  (func $f41 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.sub (local.get 0) (i32.const 256)))))
  (func $f42 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.and (local.get 0) (i32.const 256)))))
  (func $f43 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.xor (local.get 0) (i32.const 256)))))
  (func $f44 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.or (local.get 0) (i32.const 256)))))
  (func $f45 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.shl (local.get 0) (i32.const 256)))))
  (func $f46 (type $s) (i64.extend_i32_u (i32.and (i32.mul (local.get 0) (i32.const 256)) (i32.const 255))))
  (func $f47 (type $s) (i64.extend_i32_u (i32.shr_s (i32.shl (i32.mul (local.get 0) (i32.const 256)) (i32.const 24)) (i32.const 24))))
  (func $f48 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.mul (local.get 0) (i32.const -1)))))
  (func $f49 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.add (local.get 0) (i32.const -1)))))
  (func $f50 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.sub (local.get 0) (i32.const -1)))))
  (func $f51 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.and (local.get 0) (i32.const -1)))))
  (func $f52 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.xor (local.get 0) (i32.const -1)))))
  (func $f53 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.or (local.get 0) (i32.const -1)))))
  (func $f54 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.shl (local.get 0) (i32.const -1)))))
  (func $f55 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.mul (local.get 0) (i32.const -1)))))
  (func $f56 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.add (local.get 0) (i32.const -1)))))
  (func $f57 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.sub (local.get 0) (i32.const -1)))))
  (func $f58 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.and (local.get 0) (i32.const -1)))))
  (func $f59 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.xor (local.get 0) (i32.const -1)))))
  (func $f60 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.or (local.get 0) (i32.const -1)))))
  (func $f61 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.shl (local.get 0) (i32.const -1)))))
  (func $f62 (type $s) (i64.extend_i32_u (i32.and (i32.mul (local.get 0) (i32.const -1)) (i32.const 255))))
  (func $f63 (type $s) (i64.extend_i32_u (i32.shr_s (i32.shl (i32.mul (local.get 0) (i32.const -1)) (i32.const 24)) (i32.const 24))))
  (func $f64 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.mul (local.get 0) (i32.const -128)))))
  (func $f65 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.add (local.get 0) (i32.const -128)))))
  (func $f66 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.sub (local.get 0) (i32.const -128)))))
  (func $f67 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.and (local.get 0) (i32.const -128)))))
  (func $f68 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.xor (local.get 0) (i32.const -128)))))
  (func $f69 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.or (local.get 0) (i32.const -128)))))
  (func $f70 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.shl (local.get 0) (i32.const -128)))))
  (func $f71 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.mul (local.get 0) (i32.const -128)))))
  (func $f72 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.add (local.get 0) (i32.const -128)))))
  (func $f73 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.sub (local.get 0) (i32.const -128)))))
  (func $f74 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.and (local.get 0) (i32.const -128)))))
  (func $f75 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.xor (local.get 0) (i32.const -128)))))
  (func $f76 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.or (local.get 0) (i32.const -128)))))
  (func $f77 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.shl (local.get 0) (i32.const -128)))))
  (func $f78 (type $s) (i64.extend_i32_u (i32.and (i32.mul (local.get 0) (i32.const -128)) (i32.const 255))))
  (func $f79 (type $s) (i64.extend_i32_u (i32.shr_s (i32.shl (i32.mul (local.get 0) (i32.const -128)) (i32.const 24)) (i32.const 24))))
  (func $f80 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.mul (local.get 0) (i32.const 32767)))))
  (func $f81 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.add (local.get 0) (i32.const 32767)))))
  (func $f82 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.sub (local.get 0) (i32.const 32767)))))
  (func $f83 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.and (local.get 0) (i32.const 32767)))))
  (func $f84 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.xor (local.get 0) (i32.const 32767)))))
  (func $f85 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.or (local.get 0) (i32.const 32767)))))
  (func $f86 (type $s) (i64.extend_i32_u (i32.extend8_s (i32.shl (local.get 0) (i32.const 32767)))))
  (func $f87 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.mul (local.get 0) (i32.const 32767)))))
  (func $f88 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.add (local.get 0) (i32.const 32767)))))
  (func $f89 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.sub (local.get 0) (i32.const 32767)))))
  (func $f90 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.and (local.get 0) (i32.const 32767)))))
  (func $f91 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.xor (local.get 0) (i32.const 32767)))))
  (func $f92 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.or (local.get 0) (i32.const 32767)))))
  (func $f93 (type $s) (i64.extend_i32_u (i32.extend16_s (i32.shl (local.get 0) (i32.const 32767)))))
  (func $f94 (type $s) (i64.extend_i32_u (i32.and (i32.mul (local.get 0) (i32.const 32767)) (i32.const 255))))
  (func $f95 (type $s) (i64.extend_i32_u (i32.shr_s (i32.shl (i32.mul (local.get 0) (i32.const 32767)) (i32.const 24)) (i32.const 24))))
  (func $f96 (type $s) (i64.add (i64.extend_i32_s (i32.add (local.get 0) (local.get 1))) (i64.extend_i32_s (local.get 0))))
  (func $f97 (type $s) (i64.mul (i64.extend_i32_s (local.get 0)) (i64.extend_i32_s (local.get 1))))
  (func $f98 (type $s) (i64.shl (i64.extend_i32_s (i32.sub (local.get 0) (local.get 1))) (i64.const 1)))
  (func $f99 (type $s) (i64.extend_i32_u (i64.lt_u (i64.extend_i32_s (local.get 0)) (i64.extend_i32_u (local.get 1)))))
  (func $f100 (type $s) (i64.shr_u (i64.mul (i64.extend_i32_s (local.get 0)) (i64.extend_i32_u (local.get 1))) (i64.const 32)))
  (func $f101 (type $s) (i64.add (i64.extend_i32_u (i32.add (local.get 0) (local.get 1))) (i64.extend_i32_u (local.get 0))))
  (func $f102 (type $s) (i64.mul (i64.extend_i32_u (local.get 0)) (i64.extend_i32_u (local.get 1))))
  (func $f103 (type $s) (i64.shl (i64.extend_i32_u (i32.sub (local.get 0) (local.get 1))) (i64.const 1)))
  (func $f104 (type $s) (i64.extend_i32_u (i64.lt_u (i64.extend_i32_u (local.get 0)) (i64.extend_i32_u (local.get 1)))))
  (func $f105 (type $s) (i64.shr_u (i64.mul (i64.extend_i32_u (local.get 0)) (i64.extend_i32_u (local.get 1))) (i64.const 32)))
  (func $f106 (type $s) (i64.extend_i32_u (i32.wrap_i64 (i64.sub (i64.extend_i32_u (local.get 0)) (i64.extend_i32_s (local.get 1))))))
  (func $f107 (type $s) (i64.extend_i32_u (i32.wrap_i64 (i64.shr_u (i64.extend_i32_s (local.get 0)) (i64.extend_i32_u (i32.and (local.get 1) (i32.const 31)))))))
  (func $f108 (type $s) (i64.extend_i32_s (i32.load8_s (i32.and (local.get 0) (i32.const 63)))))
  (func $f109 (type $s) (i64.extend_i32_s (i32.load16_u (i32.and (local.get 0) (i32.const 63))))))
(assert_return (invoke "scalar" (i32.const 0) (i32.const 1)) (i64.const 0xf31b7adbc266b9d)) ;; extend8_s mul -7937
(assert_return (invoke "scalar" (i32.const 1) (i32.const 1)) (i64.const 0xb975483911ceb638)) ;; extend8_s add -7937
(assert_return (invoke "scalar" (i32.const 2) (i32.const 1)) (i64.const 0xcdf34f043ed94efc)) ;; extend8_s sub -7937
(assert_return (invoke "scalar" (i32.const 3) (i32.const 1)) (i64.const 0x3b8d0976aae08f09)) ;; extend8_s and -7937
(assert_return (invoke "scalar" (i32.const 4) (i32.const 1)) (i64.const 0xa1ff62e4f39e510)) ;; extend8_s xor -7937
(assert_return (invoke "scalar" (i32.const 5) (i32.const 1)) (i64.const 0x1de0ad9095f2f3d4)) ;; extend8_s or -7937
(assert_return (invoke "scalar" (i32.const 6) (i32.const 1)) (i64.const 0x0)) ;; extend8_s shl -7937
(assert_return (invoke "scalar" (i32.const 7) (i32.const 1)) (i64.const 0x8b53df603d2a8310)) ;; extend16_s mul -7937
(assert_return (invoke "scalar" (i32.const 8) (i32.const 1)) (i64.const 0x73b0613f876be12c)) ;; extend16_s add -7937
(assert_return (invoke "scalar" (i32.const 9) (i32.const 1)) (i64.const 0xbf7375f52cc56363)) ;; extend16_s sub -7937
(assert_return (invoke "scalar" (i32.const 10) (i32.const 1)) (i64.const 0x9ad7c082cf073b2d)) ;; extend16_s and -7937
(assert_return (invoke "scalar" (i32.const 11) (i32.const 1)) (i64.const 0x4dd1650093f07544)) ;; extend16_s xor -7937
(assert_return (invoke "scalar" (i32.const 12) (i32.const 1)) (i64.const 0x355609254893aea3)) ;; extend16_s or -7937
(assert_return (invoke "scalar" (i32.const 13) (i32.const 1)) (i64.const 0x0)) ;; extend16_s shl -7937
(assert_return (invoke "scalar" (i32.const 14) (i32.const 1)) (i64.const 0x58404e99a9dd750b)) ;; mask8 -7937
(assert_return (invoke "scalar" (i32.const 15) (i32.const 1)) (i64.const 0xf31b7adbc266b9d)) ;; shifts -7937
(assert_return (invoke "scalar" (i32.const 16) (i32.const 1)) (i64.const 0xa5f185be90fefc19)) ;; extend8_s mul 3
(assert_return (invoke "scalar" (i32.const 17) (i32.const 1)) (i64.const 0x6d15c322b3b40fe1)) ;; extend8_s add 3
(assert_return (invoke "scalar" (i32.const 18) (i32.const 1)) (i64.const 0xbefdf0da456a158e)) ;; extend8_s sub 3
(assert_return (invoke "scalar" (i32.const 19) (i32.const 1)) (i64.const 0x6da6f704ff5e187d)) ;; extend8_s and 3
(assert_return (invoke "scalar" (i32.const 20) (i32.const 1)) (i64.const 0x97225927b8c28ce7)) ;; extend8_s xor 3
(assert_return (invoke "scalar" (i32.const 21) (i32.const 1)) (i64.const 0x5d190bb0700b3a86)) ;; extend8_s or 3
(assert_return (invoke "scalar" (i32.const 22) (i32.const 1)) (i64.const 0xe549ebe48696fe2)) ;; extend8_s shl 3
(assert_return (invoke "scalar" (i32.const 23) (i32.const 1)) (i64.const 0xd4d4e3425de6e583)) ;; extend16_s mul 3
(assert_return (invoke "scalar" (i32.const 24) (i32.const 1)) (i64.const 0x3dd4ffa481bc67ca)) ;; extend16_s add 3
(assert_return (invoke "scalar" (i32.const 25) (i32.const 1)) (i64.const 0xddf497fc604a07b0)) ;; extend16_s sub 3
(assert_return (invoke "scalar" (i32.const 26) (i32.const 1)) (i64.const 0x6da6f704ff5e187d)) ;; extend16_s and 3
(assert_return (invoke "scalar" (i32.const 27) (i32.const 1)) (i64.const 0x925ca420bd987194)) ;; extend16_s xor 3
(assert_return (invoke "scalar" (i32.const 28) (i32.const 1)) (i64.const 0x3348ac16716e4a73)) ;; extend16_s or 3
(assert_return (invoke "scalar" (i32.const 29) (i32.const 1)) (i64.const 0xed668b9c991b821f)) ;; extend16_s shl 3
(assert_return (invoke "scalar" (i32.const 30) (i32.const 1)) (i64.const 0xf7716e7bd5a3778)) ;; mask8 3
(assert_return (invoke "scalar" (i32.const 31) (i32.const 1)) (i64.const 0xa5f185be90fefc19)) ;; shifts 3
(assert_return (invoke "scalar" (i32.const 32) (i32.const 1)) (i64.const 0x0)) ;; extend8_s mul 256
(assert_return (invoke "scalar" (i32.const 33) (i32.const 1)) (i64.const 0x3b8d0976aae08f09)) ;; extend8_s add 256
(assert_return (invoke "scalar" (i32.const 34) (i32.const 1)) (i64.const 0x3b8d0976aae08f09)) ;; extend8_s sub 256
(assert_return (invoke "scalar" (i32.const 35) (i32.const 1)) (i64.const 0x0)) ;; extend8_s and 256
(assert_return (invoke "scalar" (i32.const 36) (i32.const 1)) (i64.const 0x3b8d0976aae08f09)) ;; extend8_s xor 256
(assert_return (invoke "scalar" (i32.const 37) (i32.const 1)) (i64.const 0x3b8d0976aae08f09)) ;; extend8_s or 256
(assert_return (invoke "scalar" (i32.const 38) (i32.const 1)) (i64.const 0x3b8d0976aae08f09)) ;; extend8_s shl 256
(assert_return (invoke "scalar" (i32.const 39) (i32.const 1)) (i64.const 0x21894d08a3d1363b)) ;; extend16_s mul 256
(assert_return (invoke "scalar" (i32.const 40) (i32.const 1)) (i64.const 0x11c679b9355a2f4b)) ;; extend16_s add 256
(assert_return (invoke "scalar" (i32.const 41) (i32.const 1)) (i64.const 0x4d7f94e3a6647a02)) ;; extend16_s sub 256
(assert_return (invoke "scalar" (i32.const 42) (i32.const 1)) (i64.const 0x46e1bba479c67992)) ;; extend16_s and 256
(assert_return (invoke "scalar" (i32.const 43) (i32.const 1)) (i64.const 0x821afa7ff0f3eed6)) ;; extend16_s xor 256
(assert_return (invoke "scalar" (i32.const 44) (i32.const 1)) (i64.const 0xee217df6769d2f5a)) ;; extend16_s or 256
(assert_return (invoke "scalar" (i32.const 45) (i32.const 1)) (i64.const 0x3f3fc5ee255c0453)) ;; extend16_s shl 256
(assert_return (invoke "scalar" (i32.const 46) (i32.const 1)) (i64.const 0x0)) ;; mask8 256
(assert_return (invoke "scalar" (i32.const 47) (i32.const 1)) (i64.const 0x0)) ;; shifts 256
(assert_return (invoke "scalar" (i32.const 48) (i32.const 1)) (i64.const 0xf31b7adbc266b9d)) ;; extend8_s mul -1
(assert_return (invoke "scalar" (i32.const 49) (i32.const 1)) (i64.const 0xb975483911ceb638)) ;; extend8_s add -1
(assert_return (invoke "scalar" (i32.const 50) (i32.const 1)) (i64.const 0xcdf34f043ed94efc)) ;; extend8_s sub -1
(assert_return (invoke "scalar" (i32.const 51) (i32.const 1)) (i64.const 0x3b8d0976aae08f09)) ;; extend8_s and -1
(assert_return (invoke "scalar" (i32.const 52) (i32.const 1)) (i64.const 0xa1ff62e4f39e510)) ;; extend8_s xor -1
(assert_return (invoke "scalar" (i32.const 53) (i32.const 1)) (i64.const 0x1de0ad9095f2f3d4)) ;; extend8_s or -1
(assert_return (invoke "scalar" (i32.const 54) (i32.const 1)) (i64.const 0x0)) ;; extend8_s shl -1
(assert_return (invoke "scalar" (i32.const 55) (i32.const 1)) (i64.const 0x9aafe443ac6a9fe2)) ;; extend16_s mul -1
(assert_return (invoke "scalar" (i32.const 56) (i32.const 1)) (i64.const 0xc7c2c5bf4537d5f3)) ;; extend16_s add -1
(assert_return (invoke "scalar" (i32.const 57) (i32.const 1)) (i64.const 0xc3e1b1185963c121)) ;; extend16_s sub -1
(assert_return (invoke "scalar" (i32.const 58) (i32.const 1)) (i64.const 0x3f3fc5ee255c0453)) ;; extend16_s and -1
(assert_return (invoke "scalar" (i32.const 59) (i32.const 1)) (i64.const 0xfae53b2a46651bab)) ;; extend16_s xor -1
(assert_return (invoke "scalar" (i32.const 60) (i32.const 1)) (i64.const 0x1de0ad9095f2f3d4)) ;; extend16_s or -1
(assert_return (invoke "scalar" (i32.const 61) (i32.const 1)) (i64.const 0x0)) ;; extend16_s shl -1
(assert_return (invoke "scalar" (i32.const 62) (i32.const 1)) (i64.const 0x58404e99a9dd750b)) ;; mask8 -1
(assert_return (invoke "scalar" (i32.const 63) (i32.const 1)) (i64.const 0xf31b7adbc266b9d)) ;; shifts -1
(assert_return (invoke "scalar" (i32.const 64) (i32.const 1)) (i64.const 0x59d35a6c467d537d)) ;; extend8_s mul -128
(assert_return (invoke "scalar" (i32.const 65) (i32.const 1)) (i64.const 0x3db33fb7b1d634a7)) ;; extend8_s add -128
(assert_return (invoke "scalar" (i32.const 66) (i32.const 1)) (i64.const 0x3db33fb7b1d634a7)) ;; extend8_s sub -128
(assert_return (invoke "scalar" (i32.const 67) (i32.const 1)) (i64.const 0xd9c9ea0cd0765dd0)) ;; extend8_s and -128
(assert_return (invoke "scalar" (i32.const 68) (i32.const 1)) (i64.const 0x3db33fb7b1d634a7)) ;; extend8_s xor -128
(assert_return (invoke "scalar" (i32.const 69) (i32.const 1)) (i64.const 0xe393e86ccd928786)) ;; extend8_s or -128
(assert_return (invoke "scalar" (i32.const 70) (i32.const 1)) (i64.const 0x3b8d0976aae08f09)) ;; extend8_s shl -128
(assert_return (invoke "scalar" (i32.const 71) (i32.const 1)) (i64.const 0x6f0edbb01c946015)) ;; extend16_s mul -128
(assert_return (invoke "scalar" (i32.const 72) (i32.const 1)) (i64.const 0xf869aab9c0615465)) ;; extend16_s add -128
(assert_return (invoke "scalar" (i32.const 73) (i32.const 1)) (i64.const 0xe64b2d300fb5fc7e)) ;; extend16_s sub -128
(assert_return (invoke "scalar" (i32.const 74) (i32.const 1)) (i64.const 0xdc1abd7a023f71df)) ;; extend16_s and -128
(assert_return (invoke "scalar" (i32.const 75) (i32.const 1)) (i64.const 0x14d1117d95aaa628)) ;; extend16_s xor -128
(assert_return (invoke "scalar" (i32.const 76) (i32.const 1)) (i64.const 0xe393e86ccd928786)) ;; extend16_s or -128
(assert_return (invoke "scalar" (i32.const 77) (i32.const 1)) (i64.const 0x3f3fc5ee255c0453)) ;; extend16_s shl -128
(assert_return (invoke "scalar" (i32.const 78) (i32.const 1)) (i64.const 0xec36c96829767775)) ;; mask8 -128
(assert_return (invoke "scalar" (i32.const 79) (i32.const 1)) (i64.const 0x59d35a6c467d537d)) ;; shifts -128
(assert_return (invoke "scalar" (i32.const 80) (i32.const 1)) (i64.const 0xf31b7adbc266b9d)) ;; extend8_s mul 32767
(assert_return (invoke "scalar" (i32.const 81) (i32.const 1)) (i64.const 0xb975483911ceb638)) ;; extend8_s add 32767
(assert_return (invoke "scalar" (i32.const 82) (i32.const 1)) (i64.const 0xcdf34f043ed94efc)) ;; extend8_s sub 32767
(assert_return (invoke "scalar" (i32.const 83) (i32.const 1)) (i64.const 0x3b8d0976aae08f09)) ;; extend8_s and 32767
(assert_return (invoke "scalar" (i32.const 84) (i32.const 1)) (i64.const 0xa1ff62e4f39e510)) ;; extend8_s xor 32767
(assert_return (invoke "scalar" (i32.const 85) (i32.const 1)) (i64.const 0x1de0ad9095f2f3d4)) ;; extend8_s or 32767
(assert_return (invoke "scalar" (i32.const 86) (i32.const 1)) (i64.const 0x0)) ;; extend8_s shl 32767
(assert_return (invoke "scalar" (i32.const 87) (i32.const 1)) (i64.const 0x310874a370be4a63)) ;; extend16_s mul 32767
(assert_return (invoke "scalar" (i32.const 88) (i32.const 1)) (i64.const 0x7717fbe84fc563a2)) ;; extend16_s add 32767
(assert_return (invoke "scalar" (i32.const 89) (i32.const 1)) (i64.const 0x1a13ed2f8c140e7e)) ;; extend16_s sub 32767
(assert_return (invoke "scalar" (i32.const 90) (i32.const 1)) (i64.const 0xf1d515a358e3871b)) ;; extend16_s and 32767
(assert_return (invoke "scalar" (i32.const 91) (i32.const 1)) (i64.const 0x70aabcdb16c74e4c)) ;; extend16_s xor 32767
(assert_return (invoke "scalar" (i32.const 92) (i32.const 1)) (i64.const 0x7a512bae2f7bcca3)) ;; extend16_s or 32767
(assert_return (invoke "scalar" (i32.const 93) (i32.const 1)) (i64.const 0x0)) ;; extend16_s shl 32767
(assert_return (invoke "scalar" (i32.const 94) (i32.const 1)) (i64.const 0x58404e99a9dd750b)) ;; mask8 32767
(assert_return (invoke "scalar" (i32.const 95) (i32.const 1)) (i64.const 0xf31b7adbc266b9d)) ;; shifts 32767
(assert_return (invoke "scalar" (i32.const 96) (i32.const 31)) (i64.const 0x121f2f1166e87482)) ;; wide sum s
(assert_return (invoke "scalar" (i32.const 97) (i32.const 31)) (i64.const 0x813b0ac4d0d12731)) ;; wide product s
(assert_return (invoke "scalar" (i32.const 98) (i32.const 31)) (i64.const 0x31b333df6fac98e7)) ;; wide shift s
(assert_return (invoke "scalar" (i32.const 99) (i32.const 31)) (i64.const 0xfd3cc2ba80b03478)) ;; wide compare s
(assert_return (invoke "scalar" (i32.const 100) (i32.const 31)) (i64.const 0x6e1e8836edb49476)) ;; wide high s
(assert_return (invoke "scalar" (i32.const 101) (i32.const 31)) (i64.const 0x28af5bdbf0d155eb)) ;; wide sum u
(assert_return (invoke "scalar" (i32.const 102) (i32.const 31)) (i64.const 0x2ac2b48bd29af6f8)) ;; wide product u
(assert_return (invoke "scalar" (i32.const 103) (i32.const 31)) (i64.const 0x4be5e5d84d7c2ff3)) ;; wide shift u
(assert_return (invoke "scalar" (i32.const 104) (i32.const 31)) (i64.const 0x51dddf9f92531b65)) ;; wide compare u
(assert_return (invoke "scalar" (i32.const 105) (i32.const 31)) (i64.const 0xd1a1585941cfbe31)) ;; wide high u
(assert_return (invoke "scalar" (i32.const 106) (i32.const 31)) (i64.const 0xbcaa8d57afdbee6b)) ;; wrap of a difference
(assert_return (invoke "scalar" (i32.const 107) (i32.const 31)) (i64.const 0x2d480c64156fb43c)) ;; wrap of a shift
(assert_return (invoke "scalar" (i32.const 108) (i32.const 1)) (i64.const 0x88d17dd8c55539d8)) ;; extension of a load
(assert_return (invoke "scalar" (i32.const 109) (i32.const 1)) (i64.const 0x9de89ad4f33277fe)) ;; extension of a load, u
