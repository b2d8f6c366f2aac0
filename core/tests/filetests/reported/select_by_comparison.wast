;; Kind: miscompile, `select` and `if` by a comparison of the same values becomes min, max or a mask; NaN and the sign of zero tell. Wasmtime #6859, #3744.
(module
  (type $s (func (param i32 i32) (result i64)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\01\00\00\00\02\00\00\00\03\00\00\00\07\00\00\00\08\00\00\00\1f\00\00\00\20\00\00\00\21\00\00\00\7f\00\00\00\80\00\00\00\ff\00\00\00\00\01\00\00\ff\7f\00\00\00\80\00\00\ff\ff\00\00\00\00\01\00\78\56\34\12\55\55\55\55\fe\ff\ff\7f\ff\ff\ff\7f\00\00\00\80\01\00\00\80\aa\aa\aa\aa\ef\be\ad\de\ff\7f\ff\ff\00\80\ff\ff\7f\ff\ff\ff\80\ff\ff\ff\fe\ff\ff\ff\ff\ff\ff\ff")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24 $f25 $f26 $f27 $f28))
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
  (func $f0 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.lt_s (local.get 0) (local.get 1)))))
  (func $f1 (type $s) (i64.extend_i32_u (select (local.get 1) (local.get 0) (i32.lt_s (local.get 0) (local.get 1)))))
  (func $f2 (type $s) (i64.extend_i32_u (if (result i32) (i32.lt_s (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1)))))
  (func $f3 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.lt_u (local.get 0) (local.get 1)))))
  (func $f4 (type $s) (i64.extend_i32_u (select (local.get 1) (local.get 0) (i32.lt_u (local.get 0) (local.get 1)))))
  (func $f5 (type $s) (i64.extend_i32_u (if (result i32) (i32.lt_u (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1)))))
  (func $f6 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.gt_s (local.get 0) (local.get 1)))))
  (func $f7 (type $s) (i64.extend_i32_u (select (local.get 1) (local.get 0) (i32.gt_s (local.get 0) (local.get 1)))))
  (func $f8 (type $s) (i64.extend_i32_u (if (result i32) (i32.gt_s (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1)))))
  (func $f9 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.gt_u (local.get 0) (local.get 1)))))
  (func $f10 (type $s) (i64.extend_i32_u (select (local.get 1) (local.get 0) (i32.gt_u (local.get 0) (local.get 1)))))
  (func $f11 (type $s) (i64.extend_i32_u (if (result i32) (i32.gt_u (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1)))))
  (func $f12 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.le_s (local.get 0) (local.get 1)))))
  (func $f13 (type $s) (i64.extend_i32_u (select (local.get 1) (local.get 0) (i32.le_s (local.get 0) (local.get 1)))))
  (func $f14 (type $s) (i64.extend_i32_u (if (result i32) (i32.le_s (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1)))))
  (func $f15 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.le_u (local.get 0) (local.get 1)))))
  (func $f16 (type $s) (i64.extend_i32_u (select (local.get 1) (local.get 0) (i32.le_u (local.get 0) (local.get 1)))))
  (func $f17 (type $s) (i64.extend_i32_u (if (result i32) (i32.le_u (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1)))))
  (func $f18 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.ge_s (local.get 0) (local.get 1)))))
  (func $f19 (type $s) (i64.extend_i32_u (select (local.get 1) (local.get 0) (i32.ge_s (local.get 0) (local.get 1)))))
  (func $f20 (type $s) (i64.extend_i32_u (if (result i32) (i32.ge_s (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1)))))
  (func $f21 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.ge_u (local.get 0) (local.get 1)))))
  (func $f22 (type $s) (i64.extend_i32_u (select (local.get 1) (local.get 0) (i32.ge_u (local.get 0) (local.get 1)))))
  (func $f23 (type $s) (i64.extend_i32_u (if (result i32) (i32.ge_u (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1)))))
  (func $f24 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.eq (local.get 0) (local.get 1)))))
  (func $f25 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.ne (local.get 0) (local.get 1)))))
  (func $f26 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.eqz (i32.lt_s (local.get 0) (local.get 1))))))
  (func $f27 (type $s) (i64.extend_i32_u (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get 0) (local.get 1)))))
  (func $f28 (type $s) (i64.extend_i32_u (select (i32.const 255) (select (i32.const 0) (local.get 0) (i32.lt_s (local.get 0) (i32.const 0))) (i32.gt_s (local.get 0) (i32.const 255))))))
(assert_return (invoke "scalar" (i32.const 0) (i32.const 31)) (i64.const 0x67027f3d65f536a0)) ;; lt_s ab
(assert_return (invoke "scalar" (i32.const 1) (i32.const 31)) (i64.const 0xc480e2815e9a6f65)) ;; lt_s ba
(assert_return (invoke "scalar" (i32.const 2) (i32.const 31)) (i64.const 0xc480e2815e9a6f65)) ;; if lt_s
(assert_return (invoke "scalar" (i32.const 3) (i32.const 31)) (i64.const 0xaa39f4fd0dbbabd1)) ;; lt_u ab
(assert_return (invoke "scalar" (i32.const 4) (i32.const 31)) (i64.const 0x90702681f9556304)) ;; lt_u ba
(assert_return (invoke "scalar" (i32.const 5) (i32.const 31)) (i64.const 0x90702681f9556304)) ;; if lt_u
(assert_return (invoke "scalar" (i32.const 6) (i32.const 31)) (i64.const 0xc480e2815e9a6f65)) ;; gt_s ab
(assert_return (invoke "scalar" (i32.const 7) (i32.const 31)) (i64.const 0x67027f3d65f536a0)) ;; gt_s ba
(assert_return (invoke "scalar" (i32.const 8) (i32.const 31)) (i64.const 0x67027f3d65f536a0)) ;; if gt_s
(assert_return (invoke "scalar" (i32.const 9) (i32.const 31)) (i64.const 0x90702681f9556304)) ;; gt_u ab
(assert_return (invoke "scalar" (i32.const 10) (i32.const 31)) (i64.const 0xaa39f4fd0dbbabd1)) ;; gt_u ba
(assert_return (invoke "scalar" (i32.const 11) (i32.const 31)) (i64.const 0xaa39f4fd0dbbabd1)) ;; if gt_u
(assert_return (invoke "scalar" (i32.const 12) (i32.const 31)) (i64.const 0x67027f3d65f536a0)) ;; le_s ab
(assert_return (invoke "scalar" (i32.const 13) (i32.const 31)) (i64.const 0xc480e2815e9a6f65)) ;; le_s ba
(assert_return (invoke "scalar" (i32.const 14) (i32.const 31)) (i64.const 0xc480e2815e9a6f65)) ;; if le_s
(assert_return (invoke "scalar" (i32.const 15) (i32.const 31)) (i64.const 0xaa39f4fd0dbbabd1)) ;; le_u ab
(assert_return (invoke "scalar" (i32.const 16) (i32.const 31)) (i64.const 0x90702681f9556304)) ;; le_u ba
(assert_return (invoke "scalar" (i32.const 17) (i32.const 31)) (i64.const 0x90702681f9556304)) ;; if le_u
(assert_return (invoke "scalar" (i32.const 18) (i32.const 31)) (i64.const 0xc480e2815e9a6f65)) ;; ge_s ab
(assert_return (invoke "scalar" (i32.const 19) (i32.const 31)) (i64.const 0x67027f3d65f536a0)) ;; ge_s ba
(assert_return (invoke "scalar" (i32.const 20) (i32.const 31)) (i64.const 0x67027f3d65f536a0)) ;; if ge_s
(assert_return (invoke "scalar" (i32.const 21) (i32.const 31)) (i64.const 0x90702681f9556304)) ;; ge_u ab
(assert_return (invoke "scalar" (i32.const 22) (i32.const 31)) (i64.const 0xaa39f4fd0dbbabd1)) ;; ge_u ba
(assert_return (invoke "scalar" (i32.const 23) (i32.const 31)) (i64.const 0xaa39f4fd0dbbabd1)) ;; if ge_u
(assert_return (invoke "scalar" (i32.const 24) (i32.const 31)) (i64.const 0x2e0acca09b69f54c)) ;; eq
(assert_return (invoke "scalar" (i32.const 25) (i32.const 31)) (i64.const 0x471a3acc902cf54b)) ;; ne
(assert_return (invoke "scalar" (i32.const 26) (i32.const 31)) (i64.const 0xc480e2815e9a6f65)) ;; not lt
(assert_return (invoke "scalar" (i32.const 27) (i32.const 31)) (i64.const 0xee43442f6ad9d6da)) ;; mask
(assert_return (invoke "scalar" (i32.const 28) (i32.const 1)) (i64.const 0xd87ed1b9dc776b55)) ;; clamp

(module
  (type $s (func (param i64 i64) (result i64)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\02\00\00\00\00\00\00\00\03\00\00\00\00\00\00\00\07\00\00\00\00\00\00\00\08\00\00\00\00\00\00\00\1f\00\00\00\00\00\00\00\20\00\00\00\00\00\00\00\3f\00\00\00\00\00\00\00\40\00\00\00\00\00\00\00\41\00\00\00\00\00\00\00\7f\00\00\00\00\00\00\00\80\00\00\00\00\00\00\00\ff\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\ff\7f\00\00\00\00\00\00\00\80\00\00\00\00\00\00\ff\ff\00\00\00\00\00\00\00\00\01\00\00\00\00\00\ff\ff\ff\7f\00\00\00\00\00\00\00\80\00\00\00\00\ff\ff\ff\ff\00\00\00\00\00\00\00\00\01\00\00\00\f0\de\bc\9a\78\56\34\12\55\55\55\55\55\55\55\55\fe\ff\ff\ff\ff\ff\ff\7f\ff\ff\ff\ff\ff\ff\ff\7f\00\00\00\00\00\00\00\80\01\00\00\00\00\00\00\80\be\ba\fe\ca\ef\be\ad\de\00\00\00\00\ff\ff\ff\ff\ff\ff\ff\7f\ff\ff\ff\ff\00\00\00\80\ff\ff\ff\ff\00\80\ff\ff\ff\ff\ff\ff\80\ff\ff\ff\ff\ff\ff\ff\fe\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24 $f25 $f26 $f27 $f28))
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
  (func $f0 (type $s) (select (local.get 0) (local.get 1) (i64.lt_s (local.get 0) (local.get 1))))
  (func $f1 (type $s) (select (local.get 1) (local.get 0) (i64.lt_s (local.get 0) (local.get 1))))
  (func $f2 (type $s) (if (result i64) (i64.lt_s (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1))))
  (func $f3 (type $s) (select (local.get 0) (local.get 1) (i64.lt_u (local.get 0) (local.get 1))))
  (func $f4 (type $s) (select (local.get 1) (local.get 0) (i64.lt_u (local.get 0) (local.get 1))))
  (func $f5 (type $s) (if (result i64) (i64.lt_u (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1))))
  (func $f6 (type $s) (select (local.get 0) (local.get 1) (i64.gt_s (local.get 0) (local.get 1))))
  (func $f7 (type $s) (select (local.get 1) (local.get 0) (i64.gt_s (local.get 0) (local.get 1))))
  (func $f8 (type $s) (if (result i64) (i64.gt_s (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1))))
  (func $f9 (type $s) (select (local.get 0) (local.get 1) (i64.gt_u (local.get 0) (local.get 1))))
  (func $f10 (type $s) (select (local.get 1) (local.get 0) (i64.gt_u (local.get 0) (local.get 1))))
  (func $f11 (type $s) (if (result i64) (i64.gt_u (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1))))
  (func $f12 (type $s) (select (local.get 0) (local.get 1) (i64.le_s (local.get 0) (local.get 1))))
  (func $f13 (type $s) (select (local.get 1) (local.get 0) (i64.le_s (local.get 0) (local.get 1))))
  (func $f14 (type $s) (if (result i64) (i64.le_s (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1))))
  (func $f15 (type $s) (select (local.get 0) (local.get 1) (i64.le_u (local.get 0) (local.get 1))))
  (func $f16 (type $s) (select (local.get 1) (local.get 0) (i64.le_u (local.get 0) (local.get 1))))
  (func $f17 (type $s) (if (result i64) (i64.le_u (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1))))
  (func $f18 (type $s) (select (local.get 0) (local.get 1) (i64.ge_s (local.get 0) (local.get 1))))
  (func $f19 (type $s) (select (local.get 1) (local.get 0) (i64.ge_s (local.get 0) (local.get 1))))
  (func $f20 (type $s) (if (result i64) (i64.ge_s (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1))))
  (func $f21 (type $s) (select (local.get 0) (local.get 1) (i64.ge_u (local.get 0) (local.get 1))))
  (func $f22 (type $s) (select (local.get 1) (local.get 0) (i64.ge_u (local.get 0) (local.get 1))))
  (func $f23 (type $s) (if (result i64) (i64.ge_u (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1))))
  (func $f24 (type $s) (select (local.get 0) (local.get 1) (i64.eq (local.get 0) (local.get 1))))
  (func $f25 (type $s) (select (local.get 0) (local.get 1) (i64.ne (local.get 0) (local.get 1))))
  (func $f26 (type $s) (select (local.get 0) (local.get 1) (i32.eqz (i64.lt_s (local.get 0) (local.get 1)))))
  (func $f27 (type $s) (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get 0) (local.get 1))))
  (func $f28 (type $s) (select (i64.const 255) (select (i64.const 0) (local.get 0) (i64.lt_s (local.get 0) (i64.const 0))) (i64.gt_s (local.get 0) (i64.const 255)))))
(assert_return (invoke "scalar" (i32.const 0) (i32.const 37)) (i64.const 0x25a9183846ebb5b4)) ;; lt_s ab
(assert_return (invoke "scalar" (i32.const 1) (i32.const 37)) (i64.const 0x73fb5abf0f105348)) ;; lt_s ba
(assert_return (invoke "scalar" (i32.const 2) (i32.const 37)) (i64.const 0x73fb5abf0f105348)) ;; if lt_s
(assert_return (invoke "scalar" (i32.const 3) (i32.const 37)) (i64.const 0x61790359a45b4a06)) ;; lt_u ab
(assert_return (invoke "scalar" (i32.const 4) (i32.const 37)) (i64.const 0x82ea8d24d2a35c09)) ;; lt_u ba
(assert_return (invoke "scalar" (i32.const 5) (i32.const 37)) (i64.const 0x82ea8d24d2a35c09)) ;; if lt_u
(assert_return (invoke "scalar" (i32.const 6) (i32.const 37)) (i64.const 0x73fb5abf0f105348)) ;; gt_s ab
(assert_return (invoke "scalar" (i32.const 7) (i32.const 37)) (i64.const 0x25a9183846ebb5b4)) ;; gt_s ba
(assert_return (invoke "scalar" (i32.const 8) (i32.const 37)) (i64.const 0x25a9183846ebb5b4)) ;; if gt_s
(assert_return (invoke "scalar" (i32.const 9) (i32.const 37)) (i64.const 0x82ea8d24d2a35c09)) ;; gt_u ab
(assert_return (invoke "scalar" (i32.const 10) (i32.const 37)) (i64.const 0x61790359a45b4a06)) ;; gt_u ba
(assert_return (invoke "scalar" (i32.const 11) (i32.const 37)) (i64.const 0x61790359a45b4a06)) ;; if gt_u
(assert_return (invoke "scalar" (i32.const 12) (i32.const 37)) (i64.const 0x25a9183846ebb5b4)) ;; le_s ab
(assert_return (invoke "scalar" (i32.const 13) (i32.const 37)) (i64.const 0x73fb5abf0f105348)) ;; le_s ba
(assert_return (invoke "scalar" (i32.const 14) (i32.const 37)) (i64.const 0x73fb5abf0f105348)) ;; if le_s
(assert_return (invoke "scalar" (i32.const 15) (i32.const 37)) (i64.const 0x61790359a45b4a06)) ;; le_u ab
(assert_return (invoke "scalar" (i32.const 16) (i32.const 37)) (i64.const 0x82ea8d24d2a35c09)) ;; le_u ba
(assert_return (invoke "scalar" (i32.const 17) (i32.const 37)) (i64.const 0x82ea8d24d2a35c09)) ;; if le_u
(assert_return (invoke "scalar" (i32.const 18) (i32.const 37)) (i64.const 0x73fb5abf0f105348)) ;; ge_s ab
(assert_return (invoke "scalar" (i32.const 19) (i32.const 37)) (i64.const 0x25a9183846ebb5b4)) ;; ge_s ba
(assert_return (invoke "scalar" (i32.const 20) (i32.const 37)) (i64.const 0x25a9183846ebb5b4)) ;; if ge_s
(assert_return (invoke "scalar" (i32.const 21) (i32.const 37)) (i64.const 0x82ea8d24d2a35c09)) ;; ge_u ab
(assert_return (invoke "scalar" (i32.const 22) (i32.const 37)) (i64.const 0x61790359a45b4a06)) ;; ge_u ba
(assert_return (invoke "scalar" (i32.const 23) (i32.const 37)) (i64.const 0x61790359a45b4a06)) ;; if ge_u
(assert_return (invoke "scalar" (i32.const 24) (i32.const 37)) (i64.const 0x3a7a0b2623a1e928)) ;; eq
(assert_return (invoke "scalar" (i32.const 25) (i32.const 37)) (i64.const 0xd740aa00af8c8242)) ;; ne
(assert_return (invoke "scalar" (i32.const 26) (i32.const 37)) (i64.const 0x73fb5abf0f105348)) ;; not lt
(assert_return (invoke "scalar" (i32.const 27) (i32.const 37)) (i64.const 0xf2d7f08fd72672cc)) ;; mask
(assert_return (invoke "scalar" (i32.const 28) (i32.const 1)) (i64.const 0x835de1f2efc7bc8c)) ;; clamp

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
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14))
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
  (func $f0 (type $s) (call $bits32 (select (local.get 0) (local.get 1) (f32.lt (local.get 0) (local.get 1)))))
  (func $f1 (type $s) (call $bits32 (select (local.get 1) (local.get 0) (f32.lt (local.get 0) (local.get 1)))))
  (func $f2 (type $s) (call $bits32 (if (result f32) (f32.lt (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1)))))
  (func $f3 (type $s) (call $bits32 (select (local.get 0) (local.get 1) (f32.gt (local.get 0) (local.get 1)))))
  (func $f4 (type $s) (call $bits32 (select (local.get 1) (local.get 0) (f32.gt (local.get 0) (local.get 1)))))
  (func $f5 (type $s) (call $bits32 (if (result f32) (f32.gt (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1)))))
  (func $f6 (type $s) (call $bits32 (select (local.get 0) (local.get 1) (f32.le (local.get 0) (local.get 1)))))
  (func $f7 (type $s) (call $bits32 (select (local.get 1) (local.get 0) (f32.le (local.get 0) (local.get 1)))))
  (func $f8 (type $s) (call $bits32 (if (result f32) (f32.le (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1)))))
  (func $f9 (type $s) (call $bits32 (select (local.get 0) (local.get 1) (f32.ge (local.get 0) (local.get 1)))))
  (func $f10 (type $s) (call $bits32 (select (local.get 1) (local.get 0) (f32.ge (local.get 0) (local.get 1)))))
  (func $f11 (type $s) (call $bits32 (if (result f32) (f32.ge (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1)))))
  (func $f12 (type $s) (call $bits32 (select (local.get 0) (local.get 1) (f32.eq (local.get 0) (local.get 1)))))
  (func $f13 (type $s) (call $bits32 (select (local.get 0) (local.get 1) (f32.ne (local.get 0) (local.get 1)))))
  (func $f14 (type $s) (call $bits32 (select (local.get 0) (local.get 1) (i32.eqz (f32.lt (local.get 0) (local.get 1)))))))
(assert_return (invoke "scalar" (i32.const 0) (i32.const 40)) (i64.const 0xcc6d480b2b1f717c)) ;; lt ab
(assert_return (invoke "scalar" (i32.const 1) (i32.const 40)) (i64.const 0x8d7f9b7d3ce0d535)) ;; lt ba
(assert_return (invoke "scalar" (i32.const 2) (i32.const 40)) (i64.const 0x856c2d93dd3751d8)) ;; if lt
(assert_return (invoke "scalar" (i32.const 3) (i32.const 40)) (i64.const 0x856c2d93dd3751d8)) ;; gt ab
(assert_return (invoke "scalar" (i32.const 4) (i32.const 40)) (i64.const 0x643e16949069c383)) ;; gt ba
(assert_return (invoke "scalar" (i32.const 5) (i32.const 40)) (i64.const 0xcc6d480b2b1f717c)) ;; if gt
(assert_return (invoke "scalar" (i32.const 6) (i32.const 40)) (i64.const 0x49444122006db94b)) ;; le ab
(assert_return (invoke "scalar" (i32.const 7) (i32.const 40)) (i64.const 0x2c37bc364a8c72ff)) ;; le ba
(assert_return (invoke "scalar" (i32.const 8) (i32.const 40)) (i64.const 0xbd6ca3a534fef709)) ;; if le
(assert_return (invoke "scalar" (i32.const 9) (i32.const 40)) (i64.const 0xbd6ca3a534fef709)) ;; ge ab
(assert_return (invoke "scalar" (i32.const 10) (i32.const 40)) (i64.const 0x552a5152f55182bf)) ;; ge ba
(assert_return (invoke "scalar" (i32.const 11) (i32.const 40)) (i64.const 0x49444122006db94b)) ;; if ge
(assert_return (invoke "scalar" (i32.const 12) (i32.const 40)) (i64.const 0xd17824600da4cd49)) ;; eq
(assert_return (invoke "scalar" (i32.const 13) (i32.const 40)) (i64.const 0x47faae9a3d518fef)) ;; ne
(assert_return (invoke "scalar" (i32.const 14) (i32.const 40)) (i64.const 0x8d7f9b7d3ce0d535)) ;; not lt

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
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14))
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
  (func $f0 (type $s) (call $bits64 (select (local.get 0) (local.get 1) (f64.lt (local.get 0) (local.get 1)))))
  (func $f1 (type $s) (call $bits64 (select (local.get 1) (local.get 0) (f64.lt (local.get 0) (local.get 1)))))
  (func $f2 (type $s) (call $bits64 (if (result f64) (f64.lt (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1)))))
  (func $f3 (type $s) (call $bits64 (select (local.get 0) (local.get 1) (f64.gt (local.get 0) (local.get 1)))))
  (func $f4 (type $s) (call $bits64 (select (local.get 1) (local.get 0) (f64.gt (local.get 0) (local.get 1)))))
  (func $f5 (type $s) (call $bits64 (if (result f64) (f64.gt (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1)))))
  (func $f6 (type $s) (call $bits64 (select (local.get 0) (local.get 1) (f64.le (local.get 0) (local.get 1)))))
  (func $f7 (type $s) (call $bits64 (select (local.get 1) (local.get 0) (f64.le (local.get 0) (local.get 1)))))
  (func $f8 (type $s) (call $bits64 (if (result f64) (f64.le (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1)))))
  (func $f9 (type $s) (call $bits64 (select (local.get 0) (local.get 1) (f64.ge (local.get 0) (local.get 1)))))
  (func $f10 (type $s) (call $bits64 (select (local.get 1) (local.get 0) (f64.ge (local.get 0) (local.get 1)))))
  (func $f11 (type $s) (call $bits64 (if (result f64) (f64.ge (local.get 1) (local.get 0)) (then (local.get 0)) (else (local.get 1)))))
  (func $f12 (type $s) (call $bits64 (select (local.get 0) (local.get 1) (f64.eq (local.get 0) (local.get 1)))))
  (func $f13 (type $s) (call $bits64 (select (local.get 0) (local.get 1) (f64.ne (local.get 0) (local.get 1)))))
  (func $f14 (type $s) (call $bits64 (select (local.get 0) (local.get 1) (i32.eqz (f64.lt (local.get 0) (local.get 1)))))))
(assert_return (invoke "scalar" (i32.const 0) (i32.const 63)) (i64.const 0xac5623e98b4c3423)) ;; lt ab
(assert_return (invoke "scalar" (i32.const 1) (i32.const 63)) (i64.const 0x88321feed6035e1c)) ;; lt ba
(assert_return (invoke "scalar" (i32.const 2) (i32.const 63)) (i64.const 0x58c6af7423bcaff4)) ;; if lt
(assert_return (invoke "scalar" (i32.const 3) (i32.const 63)) (i64.const 0x58c6af7423bcaff4)) ;; gt ab
(assert_return (invoke "scalar" (i32.const 4) (i32.const 63)) (i64.const 0xfcaa0e42f9b67ee3)) ;; gt ba
(assert_return (invoke "scalar" (i32.const 5) (i32.const 63)) (i64.const 0xac5623e98b4c3423)) ;; if gt
(assert_return (invoke "scalar" (i32.const 6) (i32.const 63)) (i64.const 0xd81b9a6f04db4993)) ;; le ab
(assert_return (invoke "scalar" (i32.const 7) (i32.const 63)) (i64.const 0x2cac7afda7b84673)) ;; le ba
(assert_return (invoke "scalar" (i32.const 8) (i32.const 63)) (i64.const 0x678275b8195558ec)) ;; if le
(assert_return (invoke "scalar" (i32.const 9) (i32.const 63)) (i64.const 0x678275b8195558ec)) ;; ge ab
(assert_return (invoke "scalar" (i32.const 10) (i32.const 63)) (i64.const 0xbfa8c0d97d0b81a)) ;; ge ba
(assert_return (invoke "scalar" (i32.const 11) (i32.const 63)) (i64.const 0xd81b9a6f04db4993)) ;; if ge
(assert_return (invoke "scalar" (i32.const 12) (i32.const 63)) (i64.const 0xb3f89b1bb3cb6f4)) ;; eq
(assert_return (invoke "scalar" (i32.const 13) (i32.const 63)) (i64.const 0x95caf34b1559b3a7)) ;; ne
(assert_return (invoke "scalar" (i32.const 14) (i32.const 63)) (i64.const 0x88321feed6035e1c)) ;; not lt
