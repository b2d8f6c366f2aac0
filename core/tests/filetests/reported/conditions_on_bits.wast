;; Kind: miscompile, branches, selects and flags on single bits and on comparisons of comparisons (tbz, tst, bt). Wasmtime #5839.
(module
  (type $s (func (param i32 i32) (result i64)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\01\00\00\00\02\00\00\00\03\00\00\00\07\00\00\00\08\00\00\00\1f\00\00\00\20\00\00\00\21\00\00\00\7f\00\00\00\80\00\00\00\ff\00\00\00\00\01\00\00\ff\7f\00\00\00\80\00\00\ff\ff\00\00\00\00\01\00\78\56\34\12\55\55\55\55\fe\ff\ff\7f\ff\ff\ff\7f\00\00\00\80\01\00\00\80\aa\aa\aa\aa\ef\be\ad\de\ff\7f\ff\ff\00\80\ff\ff\7f\ff\ff\ff\80\ff\ff\ff\fe\ff\ff\ff\ff\ff\ff\ff")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24 $f25 $f26 $f27 $f28 $f29 $f30 $f31 $f32 $f33 $f34 $f35 $f36 $f37 $f38 $f39 $f40 $f41 $f42 $f43 $f44 $f45 $f46 $f47 $f48 $f49 $f50 $f51 $f52 $f53 $f54 $f55 $f56 $f57 $f58 $f59 $f60 $f61 $f62))
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
  (func $f0 (type $s) (i64.extend_i32_u (if (result i32) (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 0))) (i32.const 0)) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f1 (type $s) (i64.extend_i32_u (if (result i32) (i32.eqz (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 0)))) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f2 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 0))) (i32.const 0)))))
  (func $f3 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.eqz (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 0)))))))
  (func $f4 (type $s) (i64.extend_i32_u (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 0))) (i32.const 0))))
  (func $f5 (type $s) (i64.extend_i32_u (if (result i32) (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 1))) (i32.const 0)) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f6 (type $s) (i64.extend_i32_u (if (result i32) (i32.eqz (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 1)))) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f7 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 1))) (i32.const 0)))))
  (func $f8 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.eqz (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 1)))))))
  (func $f9 (type $s) (i64.extend_i32_u (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 1))) (i32.const 0))))
  (func $f10 (type $s) (i64.extend_i32_u (if (result i32) (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 5))) (i32.const 0)) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f11 (type $s) (i64.extend_i32_u (if (result i32) (i32.eqz (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 5)))) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f12 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 5))) (i32.const 0)))))
  (func $f13 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.eqz (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 5)))))))
  (func $f14 (type $s) (i64.extend_i32_u (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 5))) (i32.const 0))))
  (func $f15 (type $s) (i64.extend_i32_u (if (result i32) (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 20))) (i32.const 0)) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f16 (type $s) (i64.extend_i32_u (if (result i32) (i32.eqz (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 20)))) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f17 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 20))) (i32.const 0)))))
  (func $f18 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.eqz (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 20)))))))
  (func $f19 (type $s) (i64.extend_i32_u (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 20))) (i32.const 0))))
  (func $f20 (type $s) (i64.extend_i32_u (if (result i32) (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 15))) (i32.const 0)) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f21 (type $s) (i64.extend_i32_u (if (result i32) (i32.eqz (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 15)))) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f22 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 15))) (i32.const 0)))))
  (func $f23 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.eqz (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 15)))))))
  (func $f24 (type $s) (i64.extend_i32_u (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 15))) (i32.const 0))))
  (func $f25 (type $s) (i64.extend_i32_u (if (result i32) (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 16))) (i32.const 0)) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f26 (type $s) (i64.extend_i32_u (if (result i32) (i32.eqz (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 16)))) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f27 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 16))) (i32.const 0)))))
  (func $f28 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.eqz (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 16)))))))
  (func $f29 (type $s) (i64.extend_i32_u (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 16))) (i32.const 0))))
  (func $f30 (type $s) (i64.extend_i32_u (if (result i32) (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 30))) (i32.const 0)) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f31 (type $s) (i64.extend_i32_u (if (result i32) (i32.eqz (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 30)))) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f32 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 30))) (i32.const 0)))))
  (func $f33 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.eqz (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 30)))))))
  (func $f34 (type $s) (i64.extend_i32_u (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 30))) (i32.const 0))))
  (func $f35 (type $s) (i64.extend_i32_u (if (result i32) (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 31))) (i32.const 0)) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f36 (type $s) (i64.extend_i32_u (if (result i32) (i32.eqz (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 31)))) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f37 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 31))) (i32.const 0)))))
  (func $f38 (type $s) (i64.extend_i32_u (select (local.get 0) (local.get 1) (i32.eqz (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 31)))))))
  (func $f39 (type $s) (i64.extend_i32_u (i32.ne (i32.and (local.get 0) (i32.shl (i32.const 1) (i32.const 31))) (i32.const 0))))
  (func $f40 (type $s) (i64.extend_i32_u (if (result i32) (i32.lt_s (local.get 0) (i32.const 0)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f41 (type $s) (i64.extend_i32_u (if (result i32) (i32.lt_s (local.get 0) (i32.const -1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f42 (type $s) (i64.extend_i32_u (if (result i32) (i32.lt_s (local.get 0) (i32.const 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f43 (type $s) (i64.extend_i32_u (if (result i32) (i32.ge_s (local.get 0) (i32.const 0)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f44 (type $s) (i64.extend_i32_u (if (result i32) (i32.ge_s (local.get 0) (i32.const -1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f45 (type $s) (i64.extend_i32_u (if (result i32) (i32.ge_s (local.get 0) (i32.const 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f46 (type $s) (i64.extend_i32_u (if (result i32) (i32.gt_s (local.get 0) (i32.const 0)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f47 (type $s) (i64.extend_i32_u (if (result i32) (i32.gt_s (local.get 0) (i32.const -1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f48 (type $s) (i64.extend_i32_u (if (result i32) (i32.gt_s (local.get 0) (i32.const 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f49 (type $s) (i64.extend_i32_u (if (result i32) (i32.le_s (local.get 0) (i32.const 0)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f50 (type $s) (i64.extend_i32_u (if (result i32) (i32.le_s (local.get 0) (i32.const -1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f51 (type $s) (i64.extend_i32_u (if (result i32) (i32.le_s (local.get 0) (i32.const 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f52 (type $s) (i64.extend_i32_u (if (result i32) (i32.lt_u (local.get 0) (i32.const 0)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f53 (type $s) (i64.extend_i32_u (if (result i32) (i32.lt_u (local.get 0) (i32.const -1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f54 (type $s) (i64.extend_i32_u (if (result i32) (i32.lt_u (local.get 0) (i32.const 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f55 (type $s) (i64.extend_i32_u (if (result i32) (i32.ge_u (local.get 0) (i32.const 0)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f56 (type $s) (i64.extend_i32_u (if (result i32) (i32.ge_u (local.get 0) (i32.const -1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f57 (type $s) (i64.extend_i32_u (if (result i32) (i32.ge_u (local.get 0) (i32.const 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f58 (type $s) (i64.extend_i32_u (i32.and (i32.lt_s (local.get 0) (local.get 1)) (i32.lt_u (local.get 1) (local.get 0)))))
  (func $f59 (type $s) (i64.extend_i32_u (if (result i32) (i32.or (i32.eq (local.get 0) (local.get 1)) (i32.gt_u (local.get 0) (local.get 1))) (then (i32.const 3)) (else (i32.const 4)))))
  (func $f60 (type $s) (i64.extend_i32_u (i32.eqz (i32.eqz (i32.le_s (local.get 0) (local.get 1))))))
  (func $f61 (type $s) (i64.extend_i32_u (i32.eq (i32.le_s (local.get 0) (local.get 1)) (i32.lt_u (local.get 0) (local.get 1)))))
  (func $f62 (type $s) (i64.extend_i32_u (i32.eq (i32.and (local.get 0) (local.get 1)) (local.get 1)))))
(assert_return (invoke "scalar" (i32.const 0) (i32.const 1)) (i64.const 0xd8be76e8ab6df54c)) ;; if 0
(assert_return (invoke "scalar" (i32.const 1) (i32.const 1)) (i64.const 0x295d1ac4a7875b2d)) ;; if eqz 0
(assert_return (invoke "scalar" (i32.const 2) (i32.const 31)) (i64.const 0xea60b4320a95a5ff)) ;; select 0
(assert_return (invoke "scalar" (i32.const 3) (i32.const 31)) (i64.const 0xeec28964ce7dcf06)) ;; select eqz 0
(assert_return (invoke "scalar" (i32.const 4) (i32.const 1)) (i64.const 0xc45615e4c53a18d7)) ;; as number 0
(assert_return (invoke "scalar" (i32.const 5) (i32.const 1)) (i64.const 0x5de506b089d331e)) ;; if 1
(assert_return (invoke "scalar" (i32.const 6) (i32.const 1)) (i64.const 0x238b5d8fb4840afd)) ;; if eqz 1
(assert_return (invoke "scalar" (i32.const 7) (i32.const 31)) (i64.const 0xf2a5998a7ab7da67)) ;; select 1
(assert_return (invoke "scalar" (i32.const 8) (i32.const 31)) (i64.const 0xac98590cac4cb6cf)) ;; select eqz 1
(assert_return (invoke "scalar" (i32.const 9) (i32.const 1)) (i64.const 0x68d8b0a0f2888fdf)) ;; as number 1
(assert_return (invoke "scalar" (i32.const 10) (i32.const 1)) (i64.const 0xcf54f7941d26fad8)) ;; if 5
(assert_return (invoke "scalar" (i32.const 11) (i32.const 1)) (i64.const 0xaa5c4f7d267c70ce)) ;; if eqz 5
(assert_return (invoke "scalar" (i32.const 12) (i32.const 31)) (i64.const 0x4352f61073a4591b)) ;; select 5
(assert_return (invoke "scalar" (i32.const 13) (i32.const 31)) (i64.const 0xe212ed68b2b26edd)) ;; select eqz 5
(assert_return (invoke "scalar" (i32.const 14) (i32.const 1)) (i64.const 0x61b215620347d7e9)) ;; as number 5
(assert_return (invoke "scalar" (i32.const 15) (i32.const 1)) (i64.const 0x92be0fc829aa4c39)) ;; if 20
(assert_return (invoke "scalar" (i32.const 16) (i32.const 1)) (i64.const 0x270b2d9711987dc1)) ;; if eqz 20
(assert_return (invoke "scalar" (i32.const 17) (i32.const 31)) (i64.const 0xd22461f85422e9a1)) ;; select 20
(assert_return (invoke "scalar" (i32.const 18) (i32.const 31)) (i64.const 0xec08daf60a7812c4)) ;; select eqz 20
(assert_return (invoke "scalar" (i32.const 19) (i32.const 1)) (i64.const 0xe181fbe438718ef2)) ;; as number 20
(assert_return (invoke "scalar" (i32.const 20) (i32.const 1)) (i64.const 0x57ded1900d6a2deb)) ;; if 15
(assert_return (invoke "scalar" (i32.const 21) (i32.const 1)) (i64.const 0x4a8c43d7299758c7)) ;; if eqz 15
(assert_return (invoke "scalar" (i32.const 22) (i32.const 31)) (i64.const 0x6944adf2becb5228)) ;; select 15
(assert_return (invoke "scalar" (i32.const 23) (i32.const 31)) (i64.const 0xfa08f457b74591b)) ;; select eqz 15
(assert_return (invoke "scalar" (i32.const 24) (i32.const 1)) (i64.const 0x3f75b9f0913a720)) ;; as number 15
(assert_return (invoke "scalar" (i32.const 25) (i32.const 1)) (i64.const 0xb2b3fd4dbc0588c6)) ;; if 16
(assert_return (invoke "scalar" (i32.const 26) (i32.const 1)) (i64.const 0x8edc9522915143e9)) ;; if eqz 16
(assert_return (invoke "scalar" (i32.const 27) (i32.const 31)) (i64.const 0x846af9962d310cd7)) ;; select 16
(assert_return (invoke "scalar" (i32.const 28) (i32.const 31)) (i64.const 0xc445634c595c2c40)) ;; select eqz 16
(assert_return (invoke "scalar" (i32.const 29) (i32.const 1)) (i64.const 0xa86498e301441c39)) ;; as number 16
(assert_return (invoke "scalar" (i32.const 30) (i32.const 1)) (i64.const 0x548b695796e30ef0)) ;; if 30
(assert_return (invoke "scalar" (i32.const 31) (i32.const 1)) (i64.const 0x4b7eb56795d20919)) ;; if eqz 30
(assert_return (invoke "scalar" (i32.const 32) (i32.const 31)) (i64.const 0xee4e11a89232bb08)) ;; select 30
(assert_return (invoke "scalar" (i32.const 33) (i32.const 31)) (i64.const 0x13034471b77d97ae)) ;; select eqz 30
(assert_return (invoke "scalar" (i32.const 34) (i32.const 1)) (i64.const 0xcb663f07b3f3e2a0)) ;; as number 30
(assert_return (invoke "scalar" (i32.const 35) (i32.const 1)) (i64.const 0x50cbdf027870c073)) ;; if 31
(assert_return (invoke "scalar" (i32.const 36) (i32.const 1)) (i64.const 0x5d32210fbfef1502)) ;; if eqz 31
(assert_return (invoke "scalar" (i32.const 37) (i32.const 31)) (i64.const 0xd91635ef2faa0a0c)) ;; select 31
(assert_return (invoke "scalar" (i32.const 38) (i32.const 31)) (i64.const 0x5671e2bff6a6b550)) ;; select eqz 31
(assert_return (invoke "scalar" (i32.const 39) (i32.const 1)) (i64.const 0x7a281115601d3a59)) ;; as number 31
(assert_return (invoke "scalar" (i32.const 40) (i32.const 1)) (i64.const 0x96621014911e6811)) ;; lt_s 0
(assert_return (invoke "scalar" (i32.const 41) (i32.const 1)) (i64.const 0x349989ce1068e426)) ;; lt_s -1
(assert_return (invoke "scalar" (i32.const 42) (i32.const 1)) (i64.const 0x3e09bda41893fdb0)) ;; lt_s 1
(assert_return (invoke "scalar" (i32.const 43) (i32.const 1)) (i64.const 0x26c26d6b53b52c12)) ;; ge_s 0
(assert_return (invoke "scalar" (i32.const 44) (i32.const 1)) (i64.const 0x888af3b1d46aaffd)) ;; ge_s -1
(assert_return (invoke "scalar" (i32.const 45) (i32.const 1)) (i64.const 0xcb5adb374dbb2b8c)) ;; ge_s 1
(assert_return (invoke "scalar" (i32.const 46) (i32.const 1)) (i64.const 0xcb5adb374dbb2b8c)) ;; gt_s 0
(assert_return (invoke "scalar" (i32.const 47) (i32.const 1)) (i64.const 0x26c26d6b53b52c12)) ;; gt_s -1
(assert_return (invoke "scalar" (i32.const 48) (i32.const 1)) (i64.const 0xcf175642e3a958f1)) ;; gt_s 1
(assert_return (invoke "scalar" (i32.const 49) (i32.const 1)) (i64.const 0x3e09bda41893fdb0)) ;; le_s 0
(assert_return (invoke "scalar" (i32.const 50) (i32.const 1)) (i64.const 0x96621014911e6811)) ;; le_s -1
(assert_return (invoke "scalar" (i32.const 51) (i32.const 1)) (i64.const 0xec75c9ed62abd55e)) ;; le_s 1
(assert_return (invoke "scalar" (i32.const 52) (i32.const 1)) (i64.const 0xe0db39a33a725f9a)) ;; lt_u 0
(assert_return (invoke "scalar" (i32.const 53) (i32.const 1)) (i64.const 0x5412ca3191b5c44)) ;; lt_u -1
(assert_return (invoke "scalar" (i32.const 54) (i32.const 1)) (i64.const 0xf30f567179ec4070)) ;; lt_u 1
(assert_return (invoke "scalar" (i32.const 55) (i32.const 1)) (i64.const 0xdfe799cf96fad083)) ;; ge_u 0
(assert_return (invoke "scalar" (i32.const 56) (i32.const 1)) (i64.const 0x42a3bfe9bb27e385)) ;; ge_u -1
(assert_return (invoke "scalar" (i32.const 57) (i32.const 1)) (i64.const 0x320464c80e12c106)) ;; ge_u 1
(assert_return (invoke "scalar" (i32.const 58) (i32.const 31)) (i64.const 0x72b8e78f9adc738c)) ;; and of compares
(assert_return (invoke "scalar" (i32.const 59) (i32.const 31)) (i64.const 0xa911c462bd6c3b8)) ;; or of compares
(assert_return (invoke "scalar" (i32.const 60) (i32.const 31)) (i64.const 0xc4b4a9d0b01059f3)) ;; not of a compare
(assert_return (invoke "scalar" (i32.const 61) (i32.const 31)) (i64.const 0x659aabe45bf5bf05)) ;; compare with a compare
(assert_return (invoke "scalar" (i32.const 62) (i32.const 31)) (i64.const 0xfebd7adfcc72d68c)) ;; test and compare

(module
  (type $s (func (param i64 i64) (result i64)))
  (memory 1)
  (data (i32.const 0) "\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\02\00\00\00\00\00\00\00\03\00\00\00\00\00\00\00\07\00\00\00\00\00\00\00\08\00\00\00\00\00\00\00\1f\00\00\00\00\00\00\00\20\00\00\00\00\00\00\00\3f\00\00\00\00\00\00\00\40\00\00\00\00\00\00\00\41\00\00\00\00\00\00\00\7f\00\00\00\00\00\00\00\80\00\00\00\00\00\00\00\ff\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\ff\7f\00\00\00\00\00\00\00\80\00\00\00\00\00\00\ff\ff\00\00\00\00\00\00\00\00\01\00\00\00\00\00\ff\ff\ff\7f\00\00\00\00\00\00\00\80\00\00\00\00\ff\ff\ff\ff\00\00\00\00\00\00\00\00\01\00\00\00\f0\de\bc\9a\78\56\34\12\55\55\55\55\55\55\55\55\fe\ff\ff\ff\ff\ff\ff\7f\ff\ff\ff\ff\ff\ff\ff\7f\00\00\00\00\00\00\00\80\01\00\00\00\00\00\00\80\be\ba\fe\ca\ef\be\ad\de\00\00\00\00\ff\ff\ff\ff\ff\ff\ff\7f\ff\ff\ff\ff\00\00\00\80\ff\ff\ff\ff\00\80\ff\ff\ff\ff\ff\ff\80\ff\ff\ff\ff\ff\ff\ff\fe\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff")
  (func $mix (param $h i64) (param $x i64) (result i64)
    (i64.mul (i64.xor (i64.rotl (local.get $h) (i64.const 7)) (local.get $x)) (i64.const 0x9e3779b97f4a7c15)))
  (table funcref (elem $f0 $f1 $f2 $f3 $f4 $f5 $f6 $f7 $f8 $f9 $f10 $f11 $f12 $f13 $f14 $f15 $f16 $f17 $f18 $f19 $f20 $f21 $f22 $f23 $f24 $f25 $f26 $f27 $f28 $f29 $f30 $f31 $f32 $f33 $f34 $f35 $f36 $f37 $f38 $f39 $f40 $f41 $f42 $f43 $f44 $f45 $f46 $f47 $f48 $f49 $f50 $f51 $f52 $f53 $f54 $f55 $f56 $f57 $f58 $f59 $f60 $f61 $f62))
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
  (func $f0 (type $s) (i64.extend_i32_u (if (result i32) (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 0))) (i64.const 0)) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f1 (type $s) (i64.extend_i32_u (if (result i32) (i64.eqz (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 0)))) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f2 (type $s) (select (local.get 0) (local.get 1) (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 0))) (i64.const 0))))
  (func $f3 (type $s) (select (local.get 0) (local.get 1) (i64.eqz (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 0))))))
  (func $f4 (type $s) (i64.extend_i32_u (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 0))) (i64.const 0))))
  (func $f5 (type $s) (i64.extend_i32_u (if (result i32) (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 1))) (i64.const 0)) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f6 (type $s) (i64.extend_i32_u (if (result i32) (i64.eqz (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 1)))) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f7 (type $s) (select (local.get 0) (local.get 1) (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 1))) (i64.const 0))))
  (func $f8 (type $s) (select (local.get 0) (local.get 1) (i64.eqz (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 1))))))
  (func $f9 (type $s) (i64.extend_i32_u (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 1))) (i64.const 0))))
  (func $f10 (type $s) (i64.extend_i32_u (if (result i32) (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 5))) (i64.const 0)) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f11 (type $s) (i64.extend_i32_u (if (result i32) (i64.eqz (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 5)))) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f12 (type $s) (select (local.get 0) (local.get 1) (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 5))) (i64.const 0))))
  (func $f13 (type $s) (select (local.get 0) (local.get 1) (i64.eqz (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 5))))))
  (func $f14 (type $s) (i64.extend_i32_u (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 5))) (i64.const 0))))
  (func $f15 (type $s) (i64.extend_i32_u (if (result i32) (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 20))) (i64.const 0)) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f16 (type $s) (i64.extend_i32_u (if (result i32) (i64.eqz (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 20)))) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f17 (type $s) (select (local.get 0) (local.get 1) (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 20))) (i64.const 0))))
  (func $f18 (type $s) (select (local.get 0) (local.get 1) (i64.eqz (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 20))))))
  (func $f19 (type $s) (i64.extend_i32_u (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 20))) (i64.const 0))))
  (func $f20 (type $s) (i64.extend_i32_u (if (result i32) (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 31))) (i64.const 0)) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f21 (type $s) (i64.extend_i32_u (if (result i32) (i64.eqz (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 31)))) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f22 (type $s) (select (local.get 0) (local.get 1) (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 31))) (i64.const 0))))
  (func $f23 (type $s) (select (local.get 0) (local.get 1) (i64.eqz (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 31))))))
  (func $f24 (type $s) (i64.extend_i32_u (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 31))) (i64.const 0))))
  (func $f25 (type $s) (i64.extend_i32_u (if (result i32) (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 32))) (i64.const 0)) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f26 (type $s) (i64.extend_i32_u (if (result i32) (i64.eqz (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 32)))) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f27 (type $s) (select (local.get 0) (local.get 1) (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 32))) (i64.const 0))))
  (func $f28 (type $s) (select (local.get 0) (local.get 1) (i64.eqz (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 32))))))
  (func $f29 (type $s) (i64.extend_i32_u (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 32))) (i64.const 0))))
  (func $f30 (type $s) (i64.extend_i32_u (if (result i32) (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 62))) (i64.const 0)) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f31 (type $s) (i64.extend_i32_u (if (result i32) (i64.eqz (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 62)))) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f32 (type $s) (select (local.get 0) (local.get 1) (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 62))) (i64.const 0))))
  (func $f33 (type $s) (select (local.get 0) (local.get 1) (i64.eqz (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 62))))))
  (func $f34 (type $s) (i64.extend_i32_u (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 62))) (i64.const 0))))
  (func $f35 (type $s) (i64.extend_i32_u (if (result i32) (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 63))) (i64.const 0)) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f36 (type $s) (i64.extend_i32_u (if (result i32) (i64.eqz (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 63)))) (then (i32.const 11)) (else (i32.const 22)))))
  (func $f37 (type $s) (select (local.get 0) (local.get 1) (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 63))) (i64.const 0))))
  (func $f38 (type $s) (select (local.get 0) (local.get 1) (i64.eqz (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 63))))))
  (func $f39 (type $s) (i64.extend_i32_u (i64.ne (i64.and (local.get 0) (i64.shl (i64.const 1) (i64.const 63))) (i64.const 0))))
  (func $f40 (type $s) (i64.extend_i32_u (if (result i32) (i64.lt_s (local.get 0) (i64.const 0)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f41 (type $s) (i64.extend_i32_u (if (result i32) (i64.lt_s (local.get 0) (i64.const -1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f42 (type $s) (i64.extend_i32_u (if (result i32) (i64.lt_s (local.get 0) (i64.const 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f43 (type $s) (i64.extend_i32_u (if (result i32) (i64.ge_s (local.get 0) (i64.const 0)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f44 (type $s) (i64.extend_i32_u (if (result i32) (i64.ge_s (local.get 0) (i64.const -1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f45 (type $s) (i64.extend_i32_u (if (result i32) (i64.ge_s (local.get 0) (i64.const 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f46 (type $s) (i64.extend_i32_u (if (result i32) (i64.gt_s (local.get 0) (i64.const 0)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f47 (type $s) (i64.extend_i32_u (if (result i32) (i64.gt_s (local.get 0) (i64.const -1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f48 (type $s) (i64.extend_i32_u (if (result i32) (i64.gt_s (local.get 0) (i64.const 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f49 (type $s) (i64.extend_i32_u (if (result i32) (i64.le_s (local.get 0) (i64.const 0)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f50 (type $s) (i64.extend_i32_u (if (result i32) (i64.le_s (local.get 0) (i64.const -1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f51 (type $s) (i64.extend_i32_u (if (result i32) (i64.le_s (local.get 0) (i64.const 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f52 (type $s) (i64.extend_i32_u (if (result i32) (i64.lt_u (local.get 0) (i64.const 0)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f53 (type $s) (i64.extend_i32_u (if (result i32) (i64.lt_u (local.get 0) (i64.const -1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f54 (type $s) (i64.extend_i32_u (if (result i32) (i64.lt_u (local.get 0) (i64.const 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f55 (type $s) (i64.extend_i32_u (if (result i32) (i64.ge_u (local.get 0) (i64.const 0)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f56 (type $s) (i64.extend_i32_u (if (result i32) (i64.ge_u (local.get 0) (i64.const -1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f57 (type $s) (i64.extend_i32_u (if (result i32) (i64.ge_u (local.get 0) (i64.const 1)) (then (i32.const 1)) (else (i32.const 2)))))
  (func $f58 (type $s) (i64.extend_i32_u (i32.and (i64.lt_s (local.get 0) (local.get 1)) (i64.lt_u (local.get 1) (local.get 0)))))
  (func $f59 (type $s) (i64.extend_i32_u (if (result i32) (i32.or (i64.eq (local.get 0) (local.get 1)) (i64.gt_u (local.get 0) (local.get 1))) (then (i32.const 3)) (else (i32.const 4)))))
  (func $f60 (type $s) (i64.extend_i32_u (i32.eqz (i32.eqz (i64.le_s (local.get 0) (local.get 1))))))
  (func $f61 (type $s) (i64.extend_i32_u (i32.eq (i64.le_s (local.get 0) (local.get 1)) (i64.lt_u (local.get 0) (local.get 1)))))
  (func $f62 (type $s) (i64.extend_i32_u (i64.eq (i64.and (local.get 0) (local.get 1)) (local.get 1)))))
(assert_return (invoke "scalar" (i32.const 0) (i32.const 1)) (i64.const 0x992516ac1d42365a)) ;; if 0
(assert_return (invoke "scalar" (i32.const 1) (i32.const 1)) (i64.const 0x40cc019446cd98d9)) ;; if eqz 0
(assert_return (invoke "scalar" (i32.const 2) (i32.const 37)) (i64.const 0x266a8b537930ec00)) ;; select 0
(assert_return (invoke "scalar" (i32.const 3) (i32.const 37)) (i64.const 0xab4fe723771b4acc)) ;; select eqz 0
(assert_return (invoke "scalar" (i32.const 4) (i32.const 1)) (i64.const 0x6f9a18492533fafd)) ;; as number 0
(assert_return (invoke "scalar" (i32.const 5) (i32.const 1)) (i64.const 0x1a8af930a7556253)) ;; if 1
(assert_return (invoke "scalar" (i32.const 6) (i32.const 1)) (i64.const 0x3b7f999c57dfaf11)) ;; if eqz 1
(assert_return (invoke "scalar" (i32.const 7) (i32.const 37)) (i64.const 0x65599b7e58b7e691)) ;; select 1
(assert_return (invoke "scalar" (i32.const 8) (i32.const 37)) (i64.const 0xd4f9d783e83c4aaa)) ;; select eqz 1
(assert_return (invoke "scalar" (i32.const 9) (i32.const 1)) (i64.const 0x51b283f3ac1b0977)) ;; as number 1
(assert_return (invoke "scalar" (i32.const 10) (i32.const 1)) (i64.const 0x38b864c23d057424)) ;; if 5
(assert_return (invoke "scalar" (i32.const 11) (i32.const 1)) (i64.const 0x900ca3c11666c401)) ;; if eqz 5
(assert_return (invoke "scalar" (i32.const 12) (i32.const 37)) (i64.const 0x2598441b3152598)) ;; select 5
(assert_return (invoke "scalar" (i32.const 13) (i32.const 37)) (i64.const 0x1fa68fd96dc0d17c)) ;; select eqz 5
(assert_return (invoke "scalar" (i32.const 14) (i32.const 1)) (i64.const 0x3ba2a2b5e084fedd)) ;; as number 5
(assert_return (invoke "scalar" (i32.const 15) (i32.const 1)) (i64.const 0x4088dec149a90ab)) ;; if 20
(assert_return (invoke "scalar" (i32.const 16) (i32.const 1)) (i64.const 0xfc2f2600df7ac97b)) ;; if eqz 20
(assert_return (invoke "scalar" (i32.const 17) (i32.const 37)) (i64.const 0x90d5a07592105305)) ;; select 20
(assert_return (invoke "scalar" (i32.const 18) (i32.const 37)) (i64.const 0x33f929c837531698)) ;; select eqz 20
(assert_return (invoke "scalar" (i32.const 19) (i32.const 1)) (i64.const 0x7557611161a64e5f)) ;; as number 20
(assert_return (invoke "scalar" (i32.const 20) (i32.const 1)) (i64.const 0xbf605da21ae32509)) ;; if 31
(assert_return (invoke "scalar" (i32.const 21) (i32.const 1)) (i64.const 0x8d7bfcdb5d14299a)) ;; if eqz 31
(assert_return (invoke "scalar" (i32.const 22) (i32.const 37)) (i64.const 0x89551c0a4e499687)) ;; select 31
(assert_return (invoke "scalar" (i32.const 23) (i32.const 37)) (i64.const 0xb6b1405b0430f589)) ;; select eqz 31
(assert_return (invoke "scalar" (i32.const 24) (i32.const 1)) (i64.const 0xfc504fbf7b786887)) ;; as number 31
(assert_return (invoke "scalar" (i32.const 25) (i32.const 1)) (i64.const 0x694c5973794c0a52)) ;; if 32
(assert_return (invoke "scalar" (i32.const 26) (i32.const 1)) (i64.const 0x8f5f1f581bc52ee7)) ;; if eqz 32
(assert_return (invoke "scalar" (i32.const 27) (i32.const 37)) (i64.const 0x65465223c532fdd3)) ;; select 32
(assert_return (invoke "scalar" (i32.const 28) (i32.const 37)) (i64.const 0x93c115cc04f96a57)) ;; select eqz 32
(assert_return (invoke "scalar" (i32.const 29) (i32.const 1)) (i64.const 0x264acb6c77dd8178)) ;; as number 32
(assert_return (invoke "scalar" (i32.const 30) (i32.const 1)) (i64.const 0xd4fe7de6bfb67e76)) ;; if 62
(assert_return (invoke "scalar" (i32.const 31) (i32.const 1)) (i64.const 0xec84517c84c75654)) ;; if eqz 62
(assert_return (invoke "scalar" (i32.const 32) (i32.const 37)) (i64.const 0x23834dac16e83aef)) ;; select 62
(assert_return (invoke "scalar" (i32.const 33) (i32.const 37)) (i64.const 0x771d3c3fa158d9f2)) ;; select eqz 62
(assert_return (invoke "scalar" (i32.const 34) (i32.const 1)) (i64.const 0xa8b626014554d540)) ;; as number 62
(assert_return (invoke "scalar" (i32.const 35) (i32.const 1)) (i64.const 0x73c54428054dcbd4)) ;; if 63
(assert_return (invoke "scalar" (i32.const 36) (i32.const 1)) (i64.const 0x39df2de1b431ef99)) ;; if eqz 63
(assert_return (invoke "scalar" (i32.const 37) (i32.const 37)) (i64.const 0xf0daf1198ae787f5)) ;; select 63
(assert_return (invoke "scalar" (i32.const 38) (i32.const 37)) (i64.const 0x3b60667060ea6b56)) ;; select eqz 63
(assert_return (invoke "scalar" (i32.const 39) (i32.const 1)) (i64.const 0x7a281115601d3a59)) ;; as number 63
(assert_return (invoke "scalar" (i32.const 40) (i32.const 1)) (i64.const 0x24b9b1738d535bec)) ;; lt_s 0
(assert_return (invoke "scalar" (i32.const 41) (i32.const 1)) (i64.const 0xff601ea00b32d02b)) ;; lt_s -1
(assert_return (invoke "scalar" (i32.const 42) (i32.const 1)) (i64.const 0xe1df0e358440029e)) ;; lt_s 1
(assert_return (invoke "scalar" (i32.const 43) (i32.const 1)) (i64.const 0x81f566a906887d92)) ;; ge_s 0
(assert_return (invoke "scalar" (i32.const 44) (i32.const 1)) (i64.const 0xe3bdecef873e017d)) ;; ge_s -1
(assert_return (invoke "scalar" (i32.const 45) (i32.const 1)) (i64.const 0x6b4006e0c1b5eff6)) ;; ge_s 1
(assert_return (invoke "scalar" (i32.const 46) (i32.const 1)) (i64.const 0x6b4006e0c1b5eff6)) ;; gt_s 0
(assert_return (invoke "scalar" (i32.const 47) (i32.const 1)) (i64.const 0x81f566a906887d92)) ;; gt_s -1
(assert_return (invoke "scalar" (i32.const 48) (i32.const 1)) (i64.const 0x999f215b27d66cb7)) ;; gt_s 1
(assert_return (invoke "scalar" (i32.const 49) (i32.const 1)) (i64.const 0xe1df0e358440029e)) ;; le_s 0
(assert_return (invoke "scalar" (i32.const 50) (i32.const 1)) (i64.const 0x24b9b1738d535bec)) ;; le_s -1
(assert_return (invoke "scalar" (i32.const 51) (i32.const 1)) (i64.const 0xc005172e20cd58aa)) ;; le_s 1
(assert_return (invoke "scalar" (i32.const 52) (i32.const 1)) (i64.const 0xd157ffc590c2c2bc)) ;; lt_u 0
(assert_return (invoke "scalar" (i32.const 53) (i32.const 1)) (i64.const 0x7b13b451539085cb)) ;; lt_u -1
(assert_return (invoke "scalar" (i32.const 54) (i32.const 1)) (i64.const 0x26a6db0205692a)) ;; lt_u 1
(assert_return (invoke "scalar" (i32.const 55) (i32.const 1)) (i64.const 0xa06d4724d5b1118c)) ;; ge_u 0
(assert_return (invoke "scalar" (i32.const 56) (i32.const 1)) (i64.const 0xabfe6cf20ea236fb)) ;; ge_u -1
(assert_return (invoke "scalar" (i32.const 57) (i32.const 1)) (i64.const 0xa4754822226ff41c)) ;; ge_u 1
(assert_return (invoke "scalar" (i32.const 58) (i32.const 37)) (i64.const 0xeeface890c839de)) ;; and of compares
(assert_return (invoke "scalar" (i32.const 59) (i32.const 37)) (i64.const 0xe5433c92fc346139)) ;; or of compares
(assert_return (invoke "scalar" (i32.const 60) (i32.const 37)) (i64.const 0x8b2c2ce8de8d1f0)) ;; not of a compare
(assert_return (invoke "scalar" (i32.const 61) (i32.const 37)) (i64.const 0xa8cbd78c88346d5c)) ;; compare with a compare
(assert_return (invoke "scalar" (i32.const 62) (i32.const 37)) (i64.const 0xf2127902965ff58d)) ;; test and compare
