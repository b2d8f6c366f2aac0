;; Kind: miscompile, shuffles that become one instruction (zip, ext, dup, blend, rev), of two values, of one, and with zero. GHSA-xm67-587q-r2vw (CVE-2023-27477).
(module
  (type $v (func (param v128 v128) (result v128)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\00\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\0b\30\55\7a\9f\c4\e9\0e\33\58\7d\a2\c7\ec\11\36\80\80\80\80\80\80\80\80\80\80\80\80\80\80\80\80\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\7f\00\80\00\80\00\80\00\80\00\80\00\80\00\80\00\80\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\ff\7f\00\00\00\80\ff\ff\ff\7f\ff\ff\ff\ff\01\00\00\00\00\00\00\00\00\00\00\80\ff\ff\ff\ff\ff\ff\ff\7f\ff\ff\ff\ff\00\00\00\00\00\00\00\00\01\00\00\00\ff\ee\dd\cc\bb\aa\99\88\77\66\55\44\33\22\11\00\ff\ff\01\00\00\80\ff\7f\ff\00\00\ff\80\00\7f\ff\00\10\1f\0f\80\ff\f0\07\08\09\01\02\03\64\c8\11\fe\ff\ff\ff\ff\ff\00\00\00\00\ff\ff\00\80\00\00\be\ba\fe\ca\ef\be\ad\de\ef\cd\ab\89\67\45\23\01")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24 $f25 $f26 $f27 $f28 $f29 $f30 $f31 $f32 $f33 $f34 $f35 $f36 $f37 $f38 $f39 $f40 $f41 $f42 $f43 $f44 $f45 $f46 $f47 $f48 $f49 $f50 $f51 $f52 $f53 $f54 $f55 $f56 $f57 $f58 $f59 $f60 $f61 $f62 $f63 $f64 $f65 $f66 $f67 $f68 $f69 $f70 $f71 $f72 $f73 $f74 $f75 $f76 $f77 $f78 $f79 $f80 $f81 $f82 $f83 $f84 $f85 $f86 $f87 $f88 $f89 $f90 $f91 $f92 $f93 $f94 $f95 $f96 $f97 $f98 $f99 $f100 $f101 $f102 $f103 $f104 $f105 $f106 $f107))
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
  (func $f0 (type $v) (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (local.get 0) (local.get 1)))
  (func $f1 (type $v) (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (local.get 0) (local.get 0)))
  (func $f2 (type $v) (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (local.get 0) (v128.const i64x2 0 0)))
  (func $f3 (type $v) (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (v128.const i64x2 0 0) (local.get 0)))
  (func $f4 (type $v) (i8x16.shuffle 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 (local.get 0) (local.get 1)))
  (func $f5 (type $v) (i8x16.shuffle 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 (local.get 0) (local.get 0)))
  (func $f6 (type $v) (i8x16.shuffle 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 (local.get 0) (v128.const i64x2 0 0)))
  (func $f7 (type $v) (i8x16.shuffle 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 (v128.const i64x2 0 0) (local.get 0)))
  (func $f8 (type $v) (i8x16.shuffle 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0 (local.get 0) (local.get 1)))
  (func $f9 (type $v) (i8x16.shuffle 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0 (local.get 0) (local.get 0)))
  (func $f10 (type $v) (i8x16.shuffle 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0 (local.get 0) (v128.const i64x2 0 0)))
  (func $f11 (type $v) (i8x16.shuffle 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0 (v128.const i64x2 0 0) (local.get 0)))
  (func $f12 (type $v) (i8x16.shuffle 31 30 29 28 27 26 25 24 23 22 21 20 19 18 17 16 (local.get 0) (local.get 1)))
  (func $f13 (type $v) (i8x16.shuffle 31 30 29 28 27 26 25 24 23 22 21 20 19 18 17 16 (local.get 0) (local.get 0)))
  (func $f14 (type $v) (i8x16.shuffle 31 30 29 28 27 26 25 24 23 22 21 20 19 18 17 16 (local.get 0) (v128.const i64x2 0 0)))
  (func $f15 (type $v) (i8x16.shuffle 31 30 29 28 27 26 25 24 23 22 21 20 19 18 17 16 (v128.const i64x2 0 0) (local.get 0)))
  (func $f16 (type $v) (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get 0) (local.get 1)))
  (func $f17 (type $v) (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get 0) (local.get 0)))
  (func $f18 (type $v) (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get 0) (v128.const i64x2 0 0)))
  (func $f19 (type $v) (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (v128.const i64x2 0 0) (local.get 0)))
  (func $f20 (type $v) (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get 0) (local.get 1)))
  (func $f21 (type $v) (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get 0) (local.get 0)))
  (func $f22 (type $v) (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get 0) (v128.const i64x2 0 0)))
  (func $f23 (type $v) (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (v128.const i64x2 0 0) (local.get 0)))
  (func $f24 (type $v) (i8x16.shuffle 0 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 (local.get 0) (local.get 1)))
  (func $f25 (type $v) (i8x16.shuffle 0 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 (local.get 0) (local.get 0)))
  (func $f26 (type $v) (i8x16.shuffle 0 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 (local.get 0) (v128.const i64x2 0 0)))
  (func $f27 (type $v) (i8x16.shuffle 0 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 (v128.const i64x2 0 0) (local.get 0)))
  (func $f28 (type $v) (i8x16.shuffle 1 3 5 7 9 11 13 15 17 19 21 23 25 27 29 31 (local.get 0) (local.get 1)))
  (func $f29 (type $v) (i8x16.shuffle 1 3 5 7 9 11 13 15 17 19 21 23 25 27 29 31 (local.get 0) (local.get 0)))
  (func $f30 (type $v) (i8x16.shuffle 1 3 5 7 9 11 13 15 17 19 21 23 25 27 29 31 (local.get 0) (v128.const i64x2 0 0)))
  (func $f31 (type $v) (i8x16.shuffle 1 3 5 7 9 11 13 15 17 19 21 23 25 27 29 31 (v128.const i64x2 0 0) (local.get 0)))
  (func $f32 (type $v) (i8x16.shuffle 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 (local.get 0) (local.get 1)))
  (func $f33 (type $v) (i8x16.shuffle 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 (local.get 0) (local.get 0)))
  (func $f34 (type $v) (i8x16.shuffle 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 (local.get 0) (v128.const i64x2 0 0)))
  (func $f35 (type $v) (i8x16.shuffle 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 (v128.const i64x2 0 0) (local.get 0)))
  (func $f36 (type $v) (i8x16.shuffle 21 21 21 21 21 21 21 21 21 21 21 21 21 21 21 21 (local.get 0) (local.get 1)))
  (func $f37 (type $v) (i8x16.shuffle 21 21 21 21 21 21 21 21 21 21 21 21 21 21 21 21 (local.get 0) (local.get 0)))
  (func $f38 (type $v) (i8x16.shuffle 21 21 21 21 21 21 21 21 21 21 21 21 21 21 21 21 (local.get 0) (v128.const i64x2 0 0)))
  (func $f39 (type $v) (i8x16.shuffle 21 21 21 21 21 21 21 21 21 21 21 21 21 21 21 21 (v128.const i64x2 0 0) (local.get 0)))
  (func $f40 (type $v) (i8x16.shuffle 2 3 2 3 2 3 2 3 2 3 2 3 2 3 2 3 (local.get 0) (local.get 1)))
  (func $f41 (type $v) (i8x16.shuffle 2 3 2 3 2 3 2 3 2 3 2 3 2 3 2 3 (local.get 0) (local.get 0)))
  (func $f42 (type $v) (i8x16.shuffle 2 3 2 3 2 3 2 3 2 3 2 3 2 3 2 3 (local.get 0) (v128.const i64x2 0 0)))
  (func $f43 (type $v) (i8x16.shuffle 2 3 2 3 2 3 2 3 2 3 2 3 2 3 2 3 (v128.const i64x2 0 0) (local.get 0)))
  (func $f44 (type $v) (i8x16.shuffle 20 21 22 23 20 21 22 23 20 21 22 23 20 21 22 23 (local.get 0) (local.get 1)))
  (func $f45 (type $v) (i8x16.shuffle 20 21 22 23 20 21 22 23 20 21 22 23 20 21 22 23 (local.get 0) (local.get 0)))
  (func $f46 (type $v) (i8x16.shuffle 20 21 22 23 20 21 22 23 20 21 22 23 20 21 22 23 (local.get 0) (v128.const i64x2 0 0)))
  (func $f47 (type $v) (i8x16.shuffle 20 21 22 23 20 21 22 23 20 21 22 23 20 21 22 23 (v128.const i64x2 0 0) (local.get 0)))
  (func $f48 (type $v) (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get 0) (local.get 1)))
  (func $f49 (type $v) (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get 0) (local.get 0)))
  (func $f50 (type $v) (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get 0) (v128.const i64x2 0 0)))
  (func $f51 (type $v) (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (v128.const i64x2 0 0) (local.get 0)))
  (func $f52 (type $v) (i8x16.shuffle 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 (local.get 0) (local.get 1)))
  (func $f53 (type $v) (i8x16.shuffle 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 (local.get 0) (local.get 0)))
  (func $f54 (type $v) (i8x16.shuffle 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 (local.get 0) (v128.const i64x2 0 0)))
  (func $f55 (type $v) (i8x16.shuffle 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 (v128.const i64x2 0 0) (local.get 0)))
  (func $f56 (type $v) (i8x16.shuffle 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 (local.get 0) (local.get 1)))
  (func $f57 (type $v) (i8x16.shuffle 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 (local.get 0) (local.get 0)))
  (func $f58 (type $v) (i8x16.shuffle 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 (local.get 0) (v128.const i64x2 0 0)))
  (func $f59 (type $v) (i8x16.shuffle 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 (v128.const i64x2 0 0) (local.get 0)))
  (func $f60 (type $v) (i8x16.shuffle 19 20 21 22 23 24 25 26 27 28 29 30 31 0 1 2 (local.get 0) (local.get 1)))
  (func $f61 (type $v) (i8x16.shuffle 19 20 21 22 23 24 25 26 27 28 29 30 31 0 1 2 (local.get 0) (local.get 0)))
  (func $f62 (type $v) (i8x16.shuffle 19 20 21 22 23 24 25 26 27 28 29 30 31 0 1 2 (local.get 0) (v128.const i64x2 0 0)))
  (func $f63 (type $v) (i8x16.shuffle 19 20 21 22 23 24 25 26 27 28 29 30 31 0 1 2 (v128.const i64x2 0 0) (local.get 0)))
  (func $f64 (type $v) (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get 0) (local.get 1)))
  (func $f65 (type $v) (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get 0) (local.get 0)))
  (func $f66 (type $v) (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get 0) (v128.const i64x2 0 0)))
  (func $f67 (type $v) (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (v128.const i64x2 0 0) (local.get 0)))
  (func $f68 (type $v) (i8x16.shuffle 3 2 1 0 7 6 5 4 11 10 9 8 15 14 13 12 (local.get 0) (local.get 1)))
  (func $f69 (type $v) (i8x16.shuffle 3 2 1 0 7 6 5 4 11 10 9 8 15 14 13 12 (local.get 0) (local.get 0)))
  (func $f70 (type $v) (i8x16.shuffle 3 2 1 0 7 6 5 4 11 10 9 8 15 14 13 12 (local.get 0) (v128.const i64x2 0 0)))
  (func $f71 (type $v) (i8x16.shuffle 3 2 1 0 7 6 5 4 11 10 9 8 15 14 13 12 (v128.const i64x2 0 0) (local.get 0)))
  (func $f72 (type $v) (i8x16.shuffle 1 0 3 2 5 4 7 6 9 8 11 10 13 12 15 14 (local.get 0) (local.get 1)))
  (func $f73 (type $v) (i8x16.shuffle 1 0 3 2 5 4 7 6 9 8 11 10 13 12 15 14 (local.get 0) (local.get 0)))
  (func $f74 (type $v) (i8x16.shuffle 1 0 3 2 5 4 7 6 9 8 11 10 13 12 15 14 (local.get 0) (v128.const i64x2 0 0)))
  (func $f75 (type $v) (i8x16.shuffle 1 0 3 2 5 4 7 6 9 8 11 10 13 12 15 14 (v128.const i64x2 0 0) (local.get 0)))
  (func $f76 (type $v) (i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31 (local.get 0) (local.get 1)))
  (func $f77 (type $v) (i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31 (local.get 0) (local.get 0)))
  (func $f78 (type $v) (i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31 (local.get 0) (v128.const i64x2 0 0)))
  (func $f79 (type $v) (i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31 (v128.const i64x2 0 0) (local.get 0)))
  (func $f80 (type $v) (i8x16.shuffle 0 1 2 3 4 5 6 7 24 25 26 27 28 29 30 31 (local.get 0) (local.get 1)))
  (func $f81 (type $v) (i8x16.shuffle 0 1 2 3 4 5 6 7 24 25 26 27 28 29 30 31 (local.get 0) (local.get 0)))
  (func $f82 (type $v) (i8x16.shuffle 0 1 2 3 4 5 6 7 24 25 26 27 28 29 30 31 (local.get 0) (v128.const i64x2 0 0)))
  (func $f83 (type $v) (i8x16.shuffle 0 1 2 3 4 5 6 7 24 25 26 27 28 29 30 31 (v128.const i64x2 0 0) (local.get 0)))
  (func $f84 (type $v) (i8x16.shuffle 12 13 14 15 0 1 2 3 8 9 10 11 4 5 6 7 (local.get 0) (local.get 1)))
  (func $f85 (type $v) (i8x16.shuffle 12 13 14 15 0 1 2 3 8 9 10 11 4 5 6 7 (local.get 0) (local.get 0)))
  (func $f86 (type $v) (i8x16.shuffle 12 13 14 15 0 1 2 3 8 9 10 11 4 5 6 7 (local.get 0) (v128.const i64x2 0 0)))
  (func $f87 (type $v) (i8x16.shuffle 12 13 14 15 0 1 2 3 8 9 10 11 4 5 6 7 (v128.const i64x2 0 0) (local.get 0)))
  (func $f88 (type $v) (i8x16.shuffle 0 1 2 3 8 9 10 11 20 21 22 23 28 29 30 31 (local.get 0) (local.get 1)))
  (func $f89 (type $v) (i8x16.shuffle 0 1 2 3 8 9 10 11 20 21 22 23 28 29 30 31 (local.get 0) (local.get 0)))
  (func $f90 (type $v) (i8x16.shuffle 0 1 2 3 8 9 10 11 20 21 22 23 28 29 30 31 (local.get 0) (v128.const i64x2 0 0)))
  (func $f91 (type $v) (i8x16.shuffle 0 1 2 3 8 9 10 11 20 21 22 23 28 29 30 31 (v128.const i64x2 0 0) (local.get 0)))
  (func $f92 (type $v) (i8x16.shuffle 2 3 0 1 6 7 4 5 8 9 10 11 12 13 14 15 (local.get 0) (local.get 1)))
  (func $f93 (type $v) (i8x16.shuffle 2 3 0 1 6 7 4 5 8 9 10 11 12 13 14 15 (local.get 0) (local.get 0)))
  (func $f94 (type $v) (i8x16.shuffle 2 3 0 1 6 7 4 5 8 9 10 11 12 13 14 15 (local.get 0) (v128.const i64x2 0 0)))
  (func $f95 (type $v) (i8x16.shuffle 2 3 0 1 6 7 4 5 8 9 10 11 12 13 14 15 (v128.const i64x2 0 0) (local.get 0)))
  (func $f96 (type $v) (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get 0) (local.get 1)))
  (func $f97 (type $v) (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get 0) (local.get 0)))
  (func $f98 (type $v) (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get 0) (v128.const i64x2 0 0)))
  (func $f99 (type $v) (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (v128.const i64x2 0 0) (local.get 0)))
  (func $f100 (type $v) (i8x16.shuffle 0 16 2 18 4 20 6 22 8 24 10 26 12 28 14 30 (local.get 0) (local.get 1)))
  (func $f101 (type $v) (i8x16.shuffle 0 16 2 18 4 20 6 22 8 24 10 26 12 28 14 30 (local.get 0) (local.get 0)))
  (func $f102 (type $v) (i8x16.shuffle 0 16 2 18 4 20 6 22 8 24 10 26 12 28 14 30 (local.get 0) (v128.const i64x2 0 0)))
  (func $f103 (type $v) (i8x16.shuffle 0 16 2 18 4 20 6 22 8 24 10 26 12 28 14 30 (v128.const i64x2 0 0) (local.get 0)))
  (func $f104 (type $v) (i8x16.shuffle 7 30 1 0 16 9 31 15 2 23 12 4 8 19 5 29 (local.get 0) (local.get 1)))
  (func $f105 (type $v) (i8x16.shuffle 7 30 1 0 16 9 31 15 2 23 12 4 8 19 5 29 (local.get 0) (local.get 0)))
  (func $f106 (type $v) (i8x16.shuffle 7 30 1 0 16 9 31 15 2 23 12 4 8 19 5 29 (local.get 0) (v128.const i64x2 0 0)))
  (func $f107 (type $v) (i8x16.shuffle 7 30 1 0 16 9 31 15 2 23 12 4 8 19 5 29 (v128.const i64x2 0 0) (local.get 0))))
(assert_return (invoke "vector" (i32.const 0) (i32.const 16)) (i64.const 0xa8be7eae4d90b905)) ;; id
(assert_return (invoke "vector" (i32.const 1) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; id same
(assert_return (invoke "vector" (i32.const 2) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; id zero
(assert_return (invoke "vector" (i32.const 3) (i32.const 1)) (i64.const 0x0)) ;; id zero first
(assert_return (invoke "vector" (i32.const 4) (i32.const 16)) (i64.const 0xbb98246caec5ff69)) ;; id2
(assert_return (invoke "vector" (i32.const 5) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; id2 same
(assert_return (invoke "vector" (i32.const 6) (i32.const 1)) (i64.const 0x0)) ;; id2 zero
(assert_return (invoke "vector" (i32.const 7) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; id2 zero first
(assert_return (invoke "vector" (i32.const 8) (i32.const 16)) (i64.const 0xcd5160f2032fedfd)) ;; rev
(assert_return (invoke "vector" (i32.const 9) (i32.const 1)) (i64.const 0xd850ba3e2f2b92dd)) ;; rev same
(assert_return (invoke "vector" (i32.const 10) (i32.const 1)) (i64.const 0xd850ba3e2f2b92dd)) ;; rev zero
(assert_return (invoke "vector" (i32.const 11) (i32.const 1)) (i64.const 0x0)) ;; rev zero first
(assert_return (invoke "vector" (i32.const 12) (i32.const 16)) (i64.const 0x732895791d761323)) ;; rev2
(assert_return (invoke "vector" (i32.const 13) (i32.const 1)) (i64.const 0xd850ba3e2f2b92dd)) ;; rev2 same
(assert_return (invoke "vector" (i32.const 14) (i32.const 1)) (i64.const 0x0)) ;; rev2 zero
(assert_return (invoke "vector" (i32.const 15) (i32.const 1)) (i64.const 0xd850ba3e2f2b92dd)) ;; rev2 zero first
(assert_return (invoke "vector" (i32.const 16) (i32.const 16)) (i64.const 0x1677889cc47acc68)) ;; zip lo
(assert_return (invoke "vector" (i32.const 17) (i32.const 1)) (i64.const 0xc1ad3144ee33d927)) ;; zip lo same
(assert_return (invoke "vector" (i32.const 18) (i32.const 1)) (i64.const 0x92402696ecc1dd26)) ;; zip lo zero
(assert_return (invoke "vector" (i32.const 19) (i32.const 1)) (i64.const 0xea87a48ac764b971)) ;; zip lo zero first
(assert_return (invoke "vector" (i32.const 20) (i32.const 16)) (i64.const 0xbdd66a03ed4ca570)) ;; zip hi
(assert_return (invoke "vector" (i32.const 21) (i32.const 1)) (i64.const 0xb36cc31216951804)) ;; zip hi same
(assert_return (invoke "vector" (i32.const 22) (i32.const 1)) (i64.const 0xd2e5bd1585949b51)) ;; zip hi zero
(assert_return (invoke "vector" (i32.const 23) (i32.const 1)) (i64.const 0x214a68aefe8a1746)) ;; zip hi zero first
(assert_return (invoke "vector" (i32.const 24) (i32.const 16)) (i64.const 0xf2049a21866e48ad)) ;; even
(assert_return (invoke "vector" (i32.const 25) (i32.const 1)) (i64.const 0xc50420b80c8b7dd7)) ;; even same
(assert_return (invoke "vector" (i32.const 26) (i32.const 1)) (i64.const 0x318fc6c9252b783a)) ;; even zero
(assert_return (invoke "vector" (i32.const 27) (i32.const 1)) (i64.const 0xa430061397c1a767)) ;; even zero first
(assert_return (invoke "vector" (i32.const 28) (i32.const 16)) (i64.const 0x3f6bb8882293a682)) ;; odd
(assert_return (invoke "vector" (i32.const 29) (i32.const 1)) (i64.const 0x9c71c696762f0043)) ;; odd same
(assert_return (invoke "vector" (i32.const 30) (i32.const 1)) (i64.const 0xee09922b4f66b1d2)) ;; odd zero
(assert_return (invoke "vector" (i32.const 31) (i32.const 1)) (i64.const 0x151620efcb86ef6a)) ;; odd zero first
(assert_return (invoke "vector" (i32.const 32) (i32.const 16)) (i64.const 0x1640befa2ad097dd)) ;; dup
(assert_return (invoke "vector" (i32.const 33) (i32.const 1)) (i64.const 0xa7d6b657e75e4409)) ;; dup same
(assert_return (invoke "vector" (i32.const 34) (i32.const 1)) (i64.const 0xa7d6b657e75e4409)) ;; dup zero
(assert_return (invoke "vector" (i32.const 35) (i32.const 1)) (i64.const 0x0)) ;; dup zero first
(assert_return (invoke "vector" (i32.const 36) (i32.const 16)) (i64.const 0xb892fde238378c6)) ;; dup2
(assert_return (invoke "vector" (i32.const 37) (i32.const 1)) (i64.const 0xa7d6b657e75e4409)) ;; dup2 same
(assert_return (invoke "vector" (i32.const 38) (i32.const 1)) (i64.const 0x0)) ;; dup2 zero
(assert_return (invoke "vector" (i32.const 39) (i32.const 1)) (i64.const 0xa7d6b657e75e4409)) ;; dup2 zero first
(assert_return (invoke "vector" (i32.const 40) (i32.const 16)) (i64.const 0xd46109038f5f309a)) ;; dup16
(assert_return (invoke "vector" (i32.const 41) (i32.const 1)) (i64.const 0x992664e402349dde)) ;; dup16 same
(assert_return (invoke "vector" (i32.const 42) (i32.const 1)) (i64.const 0x992664e402349dde)) ;; dup16 zero
(assert_return (invoke "vector" (i32.const 43) (i32.const 1)) (i64.const 0x0)) ;; dup16 zero first
(assert_return (invoke "vector" (i32.const 44) (i32.const 16)) (i64.const 0xd33bd943b00c07d2)) ;; dup32
(assert_return (invoke "vector" (i32.const 45) (i32.const 1)) (i64.const 0x5d9a21b1cc92bf64)) ;; dup32 same
(assert_return (invoke "vector" (i32.const 46) (i32.const 1)) (i64.const 0x0)) ;; dup32 zero
(assert_return (invoke "vector" (i32.const 47) (i32.const 1)) (i64.const 0x5d9a21b1cc92bf64)) ;; dup32 zero first
(assert_return (invoke "vector" (i32.const 48) (i32.const 16)) (i64.const 0x11329a35facca621)) ;; dup64
(assert_return (invoke "vector" (i32.const 49) (i32.const 1)) (i64.const 0x34ed1373634cf4d9)) ;; dup64 same
(assert_return (invoke "vector" (i32.const 50) (i32.const 1)) (i64.const 0x34ed1373634cf4d9)) ;; dup64 zero
(assert_return (invoke "vector" (i32.const 51) (i32.const 1)) (i64.const 0x0)) ;; dup64 zero first
(assert_return (invoke "vector" (i32.const 52) (i32.const 16)) (i64.const 0xec7ab9dac50efe8f)) ;; ext3
(assert_return (invoke "vector" (i32.const 53) (i32.const 1)) (i64.const 0xe1c7eec96566c6d4)) ;; ext3 same
(assert_return (invoke "vector" (i32.const 54) (i32.const 1)) (i64.const 0xf7c215cebc06f465)) ;; ext3 zero
(assert_return (invoke "vector" (i32.const 55) (i32.const 1)) (i64.const 0x954a0db6abe063cd)) ;; ext3 zero first
(assert_return (invoke "vector" (i32.const 56) (i32.const 16)) (i64.const 0xa9edff5354d26b65)) ;; ext15
(assert_return (invoke "vector" (i32.const 57) (i32.const 1)) (i64.const 0x857bf20fd033cc22)) ;; ext15 same
(assert_return (invoke "vector" (i32.const 58) (i32.const 1)) (i64.const 0x72218e4cea88ffa9)) ;; ext15 zero
(assert_return (invoke "vector" (i32.const 59) (i32.const 1)) (i64.const 0x925be9f95c77e64a)) ;; ext15 zero first
(assert_return (invoke "vector" (i32.const 60) (i32.const 16)) (i64.const 0x2a20541c7f33b260)) ;; ext wrap
(assert_return (invoke "vector" (i32.const 61) (i32.const 1)) (i64.const 0xe1c7eec96566c6d4)) ;; ext wrap same
(assert_return (invoke "vector" (i32.const 62) (i32.const 1)) (i64.const 0x954a0db6abe063cd)) ;; ext wrap zero
(assert_return (invoke "vector" (i32.const 63) (i32.const 1)) (i64.const 0xf7c215cebc06f465)) ;; ext wrap zero first
(assert_return (invoke "vector" (i32.const 64) (i32.const 16)) (i64.const 0x1253c3db39bf9913)) ;; swap64
(assert_return (invoke "vector" (i32.const 65) (i32.const 1)) (i64.const 0x6e8e70fbad2ddc72)) ;; swap64 same
(assert_return (invoke "vector" (i32.const 66) (i32.const 1)) (i64.const 0x6e8e70fbad2ddc72)) ;; swap64 zero
(assert_return (invoke "vector" (i32.const 67) (i32.const 1)) (i64.const 0x0)) ;; swap64 zero first
(assert_return (invoke "vector" (i32.const 68) (i32.const 16)) (i64.const 0xc5495d0f6f720840)) ;; rev32
(assert_return (invoke "vector" (i32.const 69) (i32.const 1)) (i64.const 0x9340e65635470ccf)) ;; rev32 same
(assert_return (invoke "vector" (i32.const 70) (i32.const 1)) (i64.const 0x9340e65635470ccf)) ;; rev32 zero
(assert_return (invoke "vector" (i32.const 71) (i32.const 1)) (i64.const 0x0)) ;; rev32 zero first
(assert_return (invoke "vector" (i32.const 72) (i32.const 16)) (i64.const 0x2512e382d5035c8)) ;; rev16
(assert_return (invoke "vector" (i32.const 73) (i32.const 1)) (i64.const 0xe139de080567e260)) ;; rev16 same
(assert_return (invoke "vector" (i32.const 74) (i32.const 1)) (i64.const 0xe139de080567e260)) ;; rev16 zero
(assert_return (invoke "vector" (i32.const 75) (i32.const 1)) (i64.const 0x0)) ;; rev16 zero first
(assert_return (invoke "vector" (i32.const 76) (i32.const 16)) (i64.const 0x7a53534d14e7dd43)) ;; blend
(assert_return (invoke "vector" (i32.const 77) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; blend same
(assert_return (invoke "vector" (i32.const 78) (i32.const 1)) (i64.const 0xae93c0deb8dd5a)) ;; blend zero
(assert_return (invoke "vector" (i32.const 79) (i32.const 1)) (i64.const 0x30197507129b2d90)) ;; blend zero first
(assert_return (invoke "vector" (i32.const 80) (i32.const 16)) (i64.const 0x62323d2b5bb10b15)) ;; mix64
(assert_return (invoke "vector" (i32.const 81) (i32.const 1)) (i64.const 0x96ddb43d20c9edd0)) ;; mix64 same
(assert_return (invoke "vector" (i32.const 82) (i32.const 1)) (i64.const 0x13ba4dcf1a4cb981)) ;; mix64 zero
(assert_return (invoke "vector" (i32.const 83) (i32.const 1)) (i64.const 0x6ea3f3c1469b44bf)) ;; mix64 zero first
(assert_return (invoke "vector" (i32.const 84) (i32.const 16)) (i64.const 0x565248d20294fd35)) ;; pshufd
(assert_return (invoke "vector" (i32.const 85) (i32.const 1)) (i64.const 0x77d0098c1e2022a3)) ;; pshufd same
(assert_return (invoke "vector" (i32.const 86) (i32.const 1)) (i64.const 0x77d0098c1e2022a3)) ;; pshufd zero
(assert_return (invoke "vector" (i32.const 87) (i32.const 1)) (i64.const 0x0)) ;; pshufd zero first
(assert_return (invoke "vector" (i32.const 88) (i32.const 16)) (i64.const 0x25b7c79ad250dd29)) ;; shufps
(assert_return (invoke "vector" (i32.const 89) (i32.const 1)) (i64.const 0x5a429466fca69b3b)) ;; shufps same
(assert_return (invoke "vector" (i32.const 90) (i32.const 1)) (i64.const 0xa5981255d82d24f5)) ;; shufps zero
(assert_return (invoke "vector" (i32.const 91) (i32.const 1)) (i64.const 0x6beef35ddc93cf6c)) ;; shufps zero first
(assert_return (invoke "vector" (i32.const 92) (i32.const 16)) (i64.const 0x10260b00ed3479fc)) ;; low16
(assert_return (invoke "vector" (i32.const 93) (i32.const 1)) (i64.const 0x5418d1acb633d2b7)) ;; low16 same
(assert_return (invoke "vector" (i32.const 94) (i32.const 1)) (i64.const 0x5418d1acb633d2b7)) ;; low16 zero
(assert_return (invoke "vector" (i32.const 95) (i32.const 1)) (i64.const 0x0)) ;; low16 zero first
(assert_return (invoke "vector" (i32.const 96) (i32.const 16)) (i64.const 0x6c70fed91ef06fd7)) ;; zip32
(assert_return (invoke "vector" (i32.const 97) (i32.const 1)) (i64.const 0x98b8c84a6a986135)) ;; zip32 same
(assert_return (invoke "vector" (i32.const 98) (i32.const 1)) (i64.const 0xfec2cc9a9822ae70)) ;; zip32 zero
(assert_return (invoke "vector" (i32.const 99) (i32.const 1)) (i64.const 0xfa256879127d8ee2)) ;; zip32 zero first
(assert_return (invoke "vector" (i32.const 100) (i32.const 16)) (i64.const 0x2a1c8833b75f0364)) ;; trn
(assert_return (invoke "vector" (i32.const 101) (i32.const 1)) (i64.const 0x390c4ae5eba69f52)) ;; trn same
(assert_return (invoke "vector" (i32.const 102) (i32.const 1)) (i64.const 0xae93c0deb8dd5a)) ;; trn zero
(assert_return (invoke "vector" (i32.const 103) (i32.const 1)) (i64.const 0x9c3a065fd99c8bc4)) ;; trn zero first
(assert_return (invoke "vector" (i32.const 104) (i32.const 16)) (i64.const 0xa3cfdbe149bd3590)) ;; any
(assert_return (invoke "vector" (i32.const 105) (i32.const 1)) (i64.const 0xb3c9cf05007163fd)) ;; any same
(assert_return (invoke "vector" (i32.const 106) (i32.const 1)) (i64.const 0xa482133cb583d98e)) ;; any zero
(assert_return (invoke "vector" (i32.const 107) (i32.const 1)) (i64.const 0xb455c5a47564c9c0)) ;; any zero first
