;;! x86_64 clif faults

(module
  (type $open (sub (struct)))
  (type $sub (sub $open (struct (field i32))))
  (type $final (struct (field i64)))
  (func $abstract (param anyref) (result i32)
    (i32.add (ref.test i31ref (local.get 0)) (ref.test (ref eq) (local.get 0))))
  (func $of_kind (param eqref) (result i32)
    (ref.test (ref array) (local.get 0)))
  (func $exact (param anyref) (result (ref $final))
    (ref.cast (ref $final) (local.get 0)))
  (func $below (param structref) (result i32)
    (ref.test (ref null $open) (local.get 0)))
  (func $up (param (ref $sub)) (result anyref)
    (ref.cast (ref struct) (local.get 0))))
;;= x86_64 clif faults
;; function u0:0(i64 vmctx, i32) -> i32 tail {
;;                                 block0(v0: i64, v1: i32):
;; @0044                               v2 = iconst.i32 1
;; @0044                               v3 = band v1, v2  ; v2 = 1
;; @0044                               v4 = iconst.i32 1
;; @0044                               v5 = icmp eq v3, v4  ; v4 = 1
;; @0044                               v6 = iconst.i32 0
;; @0044                               v7 = icmp eq v1, v6  ; v6 = 0
;; @0044                               v8 = bor v5, v7
;; @0049                               v9 = iconst.i32 3
;; @0049                               v10 = band v1, v9  ; v9 = 3
;; @0049                               v11 = iconst.i32 2
;; @0049                               v12 = icmp eq v10, v11  ; v11 = 2
;; @0049                               v13 = iconst.i8 0
;; @0049                               v14 = icmp eq v12, v13  ; v13 = 0
;; @0049                               v15 = iconst.i32 0
;; @0049                               v16 = icmp ne v1, v15  ; v15 = 0
;; @0049                               v17 = band v14, v16
;; @004c                               v18 = uextend.i32 v17
;; @004c                               v19 = uextend.i32 v8
;; @004c                               v20 = iadd v19, v18
;; @004d                               return v20
;; }
;; function u0:1(i64 vmctx, i32) -> i32 tail {
;;     region0 = 4 "heap headers"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v10 = load.i64 notrap aligned readonly can_move v0
;;                                     v11 = load.i64 notrap aligned readonly can_move v10+40
;; @0052                               v3 = iconst.i8 0
;; @0052                               brif v1, block2, block1(v3)  ; v3 = 0
;;
;;                                 block2:
;; @0052                               v4 = iconst.i32 3
;; @0052                               v5 = band.i32 v1, v4  ; v4 = 3
;; @0052                               v6 = iconst.i32 0
;; @0052                               v7 = icmp eq v5, v6  ; v6 = 0
;; @0052                               v8 = iconst.i8 0
;; @0052                               brif v7, block3, block1(v8)  ; v8 = 0
;;
;;                                 block3:
;; @0052                               v9 = uextend.i64 v1
;; @0052                               v12 = iadd.i64 v11, v9
;; @0052                               v13 = load.i32 user14 little region0 v12
;; @0052                               v14 = iconst.i32 3
;; @0052                               v15 = band v13, v14  ; v14 = 3
;; @0052                               v16 = iconst.i32 2
;; @0052                               v17 = icmp eq v15, v16  ; v16 = 2
;; @0052                               jump block1(v17)
;;
;;                                 block1(v2: i8):
;; @0055                               v18 = uextend.i32 v2
;; @0055                               return v18
;; }
;; function u0:2(i64 vmctx, i32) -> i32 tail {
;;     region0 = 4 "heap headers"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v10 = load.i64 notrap aligned readonly can_move v0
;;                                     v11 = load.i64 notrap aligned readonly can_move v10+40
;; @005a                               v3 = iconst.i8 0
;; @005a                               brif v1, block2, block1(v3)  ; v3 = 0
;;
;;                                 block2:
;; @005a                               v4 = iconst.i32 3
;; @005a                               v5 = band.i32 v1, v4  ; v4 = 3
;; @005a                               v6 = iconst.i32 0
;; @005a                               v7 = icmp eq v5, v6  ; v6 = 0
;; @005a                               v8 = iconst.i8 0
;; @005a                               brif v7, block3, block1(v8)  ; v8 = 0
;;
;;                                 block3:
;; @005a                               v9 = uextend.i64 v1
;; @005a                               v12 = iadd.i64 v11, v9
;; @005a                               v13 = load.i32 user14 little region0 v12+4
;; @005a                               v14 = load.i32 notrap aligned readonly can_move v0+40
;; @005a                               v15 = icmp eq v13, v14
;; @005a                               jump block1(v15)
;;
;;                                 block1(v2: i8):
;; @005a                               trapz v2, user17
;; @005d                               return v1
;; }
;; function u0:3(i64 vmctx, i32) -> i32 tail {
;;     region0 = 4 "heap headers"
;;     region1 = 6 "displays"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v5 = load.i64 notrap aligned readonly can_move v0
;;                                     v6 = load.i64 notrap aligned readonly can_move v5+40
;; @0062                               v3 = iconst.i8 1
;; @0062                               brif v1, block2, block1(v3)  ; v3 = 1
;;
;;                                 block2:
;; @0062                               v4 = uextend.i64 v1
;; @0062                               v7 = iadd.i64 v6, v4
;; @0062                               v8 = load.i32 user14 little region0 v7+4
;; @0062                               v9 = load.i32 notrap aligned readonly can_move v0+32
;; @0062                               v10 = load.i64 notrap aligned readonly can_move v5+64
;; @0062                               v11 = load.i64 notrap aligned region1 v10
;; @0062                               v12 = load.i32 notrap aligned region1 v11+28
;; @0062                               v13 = icmp uge v8, v12
;; @0062                               v14 = iconst.i32 0
;; @0062                               v15 = select_spectre_guard v13, v14, v8  ; v14 = 0
;; @0062                               v16 = uextend.i64 v15
;; @0062                               v17 = iconst.i64 5
;; @0062                               v18 = ishl v16, v17  ; v17 = 5
;; @0062                               v19 = iadd v11, v18
;; @0062                               v20 = load.i32 notrap aligned region1 v19
;; @0062                               v21 = icmp eq v20, v9
;; @0062                               jump block1(v21)
;;
;;                                 block1(v2: i8):
;; @0065                               v22 = uextend.i32 v2
;; @0065                               return v22
;; }
;; function u0:4(i64 vmctx, i32) -> i32 tail {
;;     region0 = 4 "heap headers"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0
;;                                     v5 = load.i64 notrap aligned readonly can_move v4+40
;; @006a                               v3 = uextend.i64 v1
;; @006a                               v6 = iadd v5, v3
;; @006a                               v7 = load.i32 user14 little region0 v6
;; @006a                               v8 = iconst.i32 3
;; @006a                               v9 = band v7, v8  ; v8 = 3
;; @006a                               v10 = iconst.i32 1
;; @006a                               v11 = icmp eq v9, v10  ; v10 = 1
;; @006a                               jump block1(v11)
;;
;;                                 block1(v2: i8):
;; @006a                               trapz v2, user17
;; @006d                               return v1
;; }
