;;! x86_64 clif faults
;;! x86_64 clif checks

(module
  (type $pair (struct (field i8) (field (mut (ref null $pair)))))
  (type $words (array (mut i64)))
  (func $new (param i32) (result (ref $pair))
    (struct.new $pair (local.get 0) (ref.null $pair)))
  (func $get (param (ref null $pair)) (result i32)
    (struct.get_s $pair 0 (local.get 0)))
  (func $set (param (ref $pair))
    (struct.set $pair 1 (local.get 0) (local.get 0)))
  (func $array_get (param (ref $words) i32) (result i64)
    (array.get $words (local.get 0) (local.get 1)))
  (func $array_new (param i64 i32) (result (ref $words))
    (array.new $words (local.get 0) (local.get 1))))
;;= x86_64 clif faults
;; function u0:0(i64 vmctx, i32) -> i32 tail {
;;     ss0 = explicit_slot 4, align = 4
;;     region0 = 5 "allocation"
;;     region1 = 4 "heap headers"
;;     region2 = 3 "heap"
;;     region3 = 134217728 "spills"
;;     sig0 = (i64 vmctx, i64) -> i64 system_v
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v3 = load.i64 notrap aligned readonly can_move v0
;;                                     v11 = load.i64 notrap aligned readonly can_move v0+8
;;                                     v18 = load.i64 notrap aligned readonly can_move v3+40
;; @0043                               v2 = iconst.i32 0
;;                                     v28 = stack_addr.i64 ss0
;;                                     store notrap aligned region3 v2, v28  ; v2 = 0
;; @0045                               v4 = load.i32 notrap aligned region0 v3+56
;; @0045                               v5 = iconst.i32 16
;; @0045                               v6 = iadd v4, v5  ; v5 = 16
;; @0045                               v7 = load.i32 notrap aligned region0 v3+60
;; @0045                               v8 = icmp ult v7, v6
;; @0045                               brif v8, block2, block1
;;
;;                                 block1:
;; @0045                               store.i32 notrap aligned region0 v6, v3+56
;; @0045                               jump block3(v4)
;;
;;                                 block2 cold:
;; @0045                               v10 = iconst.i64 16
;; @0045                               v12 = load.i64 notrap aligned readonly can_move v11+80
;; @0045                               v13 = call_indirect sig0, v12(v0, v10), stack_map=[i32 @ ss0+0]  ; v10 = 16
;; @0045                               v14 = ireduce.i32 v13
;; @0045                               jump block3(v14)
;;
;;                                 block3(v9: i32):
;; @0045                               v15 = iconst.i32 0x8011
;; @0045                               v16 = load.i32 notrap aligned readonly can_move v0+32
;; @0045                               v17 = uextend.i64 v9
;; @0045                               v19 = iadd.i64 v18, v17
;; @0045                               store notrap little region1 v15, v19  ; v15 = 0x8011
;; @0045                               v20 = uextend.i64 v9
;; @0045                               v21 = iadd.i64 v18, v20
;; @0045                               store notrap little region1 v16, v21+4
;; @0045                               v22 = uextend.i64 v9
;; @0045                               v23 = iadd.i64 v18, v22
;; @0045                               istore8.i32 notrap little region2 v1, v23+8
;; @0045                               v24 = uextend.i64 v9
;; @0045                               v25 = iadd.i64 v18, v24
;;                                     v26 = stack_addr.i64 ss0
;;                                     v27 = load.i32 notrap aligned region3 v26
;; @0045                               store notrap little region2 v27, v25+12
;; @0048                               return v9
;; }
;; function u0:1(i64 vmctx, i32) -> i32 tail {
;;     region0 = 3 "heap"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v3 = load.i64 notrap aligned readonly can_move v0
;;                                     v4 = load.i64 notrap aligned readonly can_move v3+40
;; @004d                               v2 = uextend.i64 v1
;; @004d                               v5 = iadd v4, v2
;; @004d                               v6 = sload8.i32 user14 little region0 v5+8
;; @0051                               return v6
;; }
;; function u0:2(i64 vmctx, i32) tail {
;;     region0 = 3 "heap"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v3 = load.i64 notrap aligned readonly can_move v0
;;                                     v4 = load.i64 notrap aligned readonly can_move v3+40
;; @0058                               v2 = uextend.i64 v1
;; @0058                               v5 = iadd v4, v2
;; @0058                               store user14 little region0 v1, v5+12
;; @005c                               return
;; }
;; function u0:3(i64 vmctx, i32, i32) -> i64 tail {
;;     region0 = 4 "heap headers"
;;     region1 = 3 "heap"
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0
;;                                     v5 = load.i64 notrap aligned readonly can_move v4+40
;; @0063                               v3 = uextend.i64 v1
;; @0063                               v6 = iadd v5, v3
;; @0063                               v7 = load.i32 user14 little region0 v6+8
;; @0063                               v8 = icmp uge v2, v7
;; @0063                               trapnz v8, user15
;; @0063                               v9 = iconst.i32 3
;; @0063                               v10 = ishl v2, v9  ; v9 = 3
;; @0063                               v11 = iadd v1, v10
;; @0063                               v12 = iconst.i32 16
;; @0063                               v13 = iadd v11, v12  ; v12 = 16
;; @0063                               v14 = uextend.i64 v13
;; @0063                               v15 = iadd v5, v14
;; @0063                               v16 = load.i64 user14 little region1 v15
;; @0066                               return v16
;; }
;; function u0:4(i64 vmctx, i64, i32) -> i32 tail {
;;     region0 = 5 "allocation"
;;     region1 = 4 "heap headers"
;;     region2 = 3 "heap"
;;     sig0 = (i64 vmctx, i64) -> i64 system_v
;;
;;                                 block0(v0: i64, v1: i64, v2: i32):
;;                                     v10 = load.i64 notrap aligned readonly can_move v0
;;                                     v19 = load.i64 notrap aligned readonly can_move v0+8
;;                                     v26 = load.i64 notrap aligned readonly can_move v10+40
;; @006d                               v3 = uextend.i64 v2
;; @006d                               v4 = iconst.i64 3
;; @006d                               v5 = ishl v3, v4  ; v4 = 3
;; @006d                               v6 = iconst.i64 23
;; @006d                               v7 = iadd v5, v6  ; v6 = 23
;; @006d                               v8 = iconst.i64 -8
;; @006d                               v9 = band v7, v8  ; v8 = -8
;; @006d                               v11 = load.i32 notrap aligned region0 v10+56
;; @006d                               v12 = uextend.i64 v11
;; @006d                               v13 = iadd v12, v9
;; @006d                               v14 = load.i32 notrap aligned region0 v10+60
;; @006d                               v15 = uextend.i64 v14
;; @006d                               v16 = icmp ult v15, v13
;; @006d                               v17 = ireduce.i32 v13
;; @006d                               brif v16, block2, block1
;;
;;                                 block1:
;; @006d                               store.i32 notrap aligned region0 v17, v10+56
;; @006d                               jump block3(v11)
;;
;;                                 block2 cold:
;; @006d                               v20 = load.i64 notrap aligned readonly can_move v19+80
;; @006d                               v21 = call_indirect sig0, v20(v0, v9)
;; @006d                               v22 = ireduce.i32 v21
;; @006d                               jump block3(v22)
;;
;;                                 block3(v18: i32):
;; @006d                               v23 = iconst.i32 26
;; @006d                               v24 = load.i32 notrap aligned readonly can_move v0+36
;; @006d                               v25 = uextend.i64 v18
;; @006d                               v27 = iadd.i64 v26, v25
;; @006d                               store notrap little region1 v23, v27  ; v23 = 26
;; @006d                               v28 = uextend.i64 v18
;; @006d                               v29 = iadd.i64 v26, v28
;; @006d                               store notrap little region1 v24, v29+4
;; @006d                               v30 = uextend.i64 v18
;; @006d                               v31 = iadd.i64 v26, v30
;; @006d                               store.i32 notrap little region1 v2, v31+8
;; @006d                               v32 = iconst.i32 3
;; @006d                               v33 = ishl.i32 v2, v32  ; v32 = 3
;; @006d                               v34 = iadd v18, v33
;; @006d                               v35 = iconst.i32 16
;; @006d                               v36 = iadd v34, v35  ; v35 = 16
;; @006d                               v37 = iconst.i32 7
;; @006d                               v38 = iadd v36, v37  ; v37 = 7
;; @006d                               v39 = iconst.i32 -8
;; @006d                               v40 = band v38, v39  ; v39 = -8
;; @006d                               v41 = iconst.i32 16
;; @006d                               v42 = iadd v18, v41  ; v41 = 16
;; @006d                               jump block4(v42)
;;
;;                                 block4(v43: i32):
;; @006d                               v44 = icmp ult v43, v40
;; @006d                               brif v44, block5, block6
;;
;;                                 block5:
;; @006d                               v45 = uextend.i64 v43
;; @006d                               v46 = iadd.i64 v26, v45
;; @006d                               store.i64 notrap little region2 v1, v46
;; @006d                               v47 = iconst.i32 8
;; @006d                               v48 = iadd.i32 v43, v47  ; v47 = 8
;; @006d                               jump block4(v48)
;;
;;                                 block6:
;; @0070                               return v18
;; }
;;= x86_64 clif checks
;; function u0:0(i64 vmctx, i32) -> i32 tail {
;;     ss0 = explicit_slot 4, align = 4
;;     region0 = 5 "allocation"
;;     region1 = 4 "heap headers"
;;     region2 = 3 "heap"
;;     region3 = 134217728 "spills"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     sig0 = (i64 vmctx, i64) -> i64 system_v
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v3 = load.i64 notrap aligned readonly can_move v0
;;                                     v11 = load.i64 notrap aligned readonly can_move v0+8
;; @0043                               v2 = iconst.i32 0
;;                                     v31 = stack_addr.i64 ss0
;;                                     store notrap aligned region3 v2, v31  ; v2 = 0
;; @0045                               v4 = load.i32 notrap aligned region0 v3+56
;; @0045                               v5 = iconst.i32 16
;; @0045                               v6 = iadd v4, v5  ; v5 = 16
;; @0045                               v7 = load.i32 notrap aligned region0 v3+60
;; @0045                               v8 = icmp ult v7, v6
;; @0045                               brif v8, block2, block1
;;
;;                                 block1:
;; @0045                               store.i32 notrap aligned region0 v6, v3+56
;; @0045                               jump block3(v4)
;;
;;                                 block2 cold:
;; @0045                               v10 = iconst.i64 16
;; @0045                               v12 = load.i64 notrap aligned readonly can_move v11+80
;; @0045                               v13 = call_indirect sig0, v12(v0, v10), stack_map=[i32 @ ss0+0]  ; v10 = 16
;; @0045                               v14 = ireduce.i32 v13
;; @0045                               jump block3(v14)
;;
;;                                 block3(v9: i32):
;; @0045                               v15 = iconst.i32 0x8011
;; @0045                               v16 = load.i32 notrap aligned readonly can_move v0+32
;; @0045                               v17 = uextend.i64 v9
;; @0045                               v18 = load.i64 notrap aligned region0 v3+40
;; @0045                               v19 = iadd v18, v17
;; @0045                               store notrap little region1 v15, v19  ; v15 = 0x8011
;; @0045                               v20 = uextend.i64 v9
;; @0045                               v21 = load.i64 notrap aligned region0 v3+40
;; @0045                               v22 = iadd v21, v20
;; @0045                               store notrap little region1 v16, v22+4
;; @0045                               v23 = uextend.i64 v9
;; @0045                               v24 = load.i64 notrap aligned region0 v3+40
;; @0045                               v25 = iadd v24, v23
;; @0045                               istore8.i32 notrap little region2 v1, v25+8
;; @0045                               v26 = uextend.i64 v9
;; @0045                               v27 = load.i64 notrap aligned region0 v3+40
;; @0045                               v28 = iadd v27, v26
;;                                     v29 = stack_addr.i64 ss0
;;                                     v30 = load.i32 notrap aligned region3 v29
;; @0045                               store notrap little region2 v30, v28+12
;; @0048                               return v9
;; }
;; function u0:1(i64 vmctx, i32) -> i32 tail {
;;     region0 = 3 "heap"
;;     region1 = 5 "allocation"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v3 = load.i64 notrap aligned readonly can_move v0
;; @004d                               trapz v1, user14
;; @004d                               v2 = uextend.i64 v1
;; @004d                               v4 = load.i64 notrap aligned region1 v3+40
;; @004d                               v5 = iconst.i64 9
;; @004d                               v6 = iadd v2, v5  ; v5 = 9
;; @004d                               v7 = load.i64 notrap aligned region1 v3+48
;; @004d                               v8 = icmp ult v7, v6
;; @004d                               trapnz v8, user14
;; @004d                               v9 = iadd v4, v2
;; @004d                               v10 = iconst.i64 8
;; @004d                               v11 = iadd v9, v10  ; v10 = 8
;; @004d                               v12 = iconst.i64 0
;; @004d                               v13 = select_spectre_guard v8, v12, v11  ; v12 = 0
;; @004d                               v14 = sload8.i32 user14 little region0 v13
;; @0051                               return v14
;; }
;; function u0:2(i64 vmctx, i32) tail {
;;     region0 = 3 "heap"
;;     region1 = 5 "allocation"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v3 = load.i64 notrap aligned readonly can_move v0
;; @0058                               v2 = uextend.i64 v1
;; @0058                               v4 = load.i64 notrap aligned region1 v3+40
;; @0058                               v5 = iconst.i64 16
;; @0058                               v6 = iadd v2, v5  ; v5 = 16
;; @0058                               v7 = load.i64 notrap aligned region1 v3+48
;; @0058                               v8 = icmp ult v7, v6
;; @0058                               trapnz v8, user14
;; @0058                               v9 = iadd v4, v2
;; @0058                               v10 = iconst.i64 12
;; @0058                               v11 = iadd v9, v10  ; v10 = 12
;; @0058                               v12 = iconst.i64 0
;; @0058                               v13 = select_spectre_guard v8, v12, v11  ; v12 = 0
;; @0058                               store user14 little region0 v1, v13
;; @005c                               return
;; }
;; function u0:3(i64 vmctx, i32, i32) -> i64 tail {
;;     region0 = 4 "heap headers"
;;     region1 = 5 "allocation"
;;     region2 = 3 "heap"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0
;; @0063                               v3 = uextend.i64 v1
;; @0063                               v5 = load.i64 notrap aligned region1 v4+40
;; @0063                               v6 = iconst.i64 12
;; @0063                               v7 = iadd v3, v6  ; v6 = 12
;; @0063                               v8 = load.i64 notrap aligned region1 v4+48
;; @0063                               v9 = icmp ult v8, v7
;; @0063                               trapnz v9, user14
;; @0063                               v10 = iadd v5, v3
;; @0063                               v11 = iconst.i64 8
;; @0063                               v12 = iadd v10, v11  ; v11 = 8
;; @0063                               v13 = iconst.i64 0
;; @0063                               v14 = select_spectre_guard v9, v13, v12  ; v13 = 0
;; @0063                               v15 = load.i32 user14 little region0 v14
;; @0063                               v16 = icmp uge v2, v15
;; @0063                               trapnz v16, user15
;; @0063                               v17 = iconst.i32 3
;; @0063                               v18 = ishl v2, v17  ; v17 = 3
;; @0063                               v19 = iadd v1, v18
;; @0063                               v20 = iconst.i32 16
;; @0063                               v21 = iadd v19, v20  ; v20 = 16
;; @0063                               v22 = uextend.i64 v21
;; @0063                               v23 = load.i64 notrap aligned region1 v4+40
;; @0063                               v24 = iconst.i64 8
;; @0063                               v25 = iadd v22, v24  ; v24 = 8
;; @0063                               v26 = load.i64 notrap aligned region1 v4+48
;; @0063                               v27 = icmp ult v26, v25
;; @0063                               trapnz v27, user14
;; @0063                               v28 = iadd v23, v22
;; @0063                               v29 = iconst.i64 0
;; @0063                               v30 = iadd v28, v29  ; v29 = 0
;; @0063                               v31 = iconst.i64 0
;; @0063                               v32 = select_spectre_guard v27, v31, v30  ; v31 = 0
;; @0063                               v33 = load.i64 user14 little region2 v32
;; @0066                               return v33
;; }
;; function u0:4(i64 vmctx, i64, i32) -> i32 tail {
;;     region0 = 5 "allocation"
;;     region1 = 4 "heap headers"
;;     region2 = 3 "heap"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     sig0 = (i64 vmctx, i64) -> i64 system_v
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i64, v2: i32):
;;                                     v10 = load.i64 notrap aligned readonly can_move v0
;;                                     v19 = load.i64 notrap aligned readonly can_move v0+8
;; @006d                               v3 = uextend.i64 v2
;; @006d                               v4 = iconst.i64 3
;; @006d                               v5 = ishl v3, v4  ; v4 = 3
;; @006d                               v6 = iconst.i64 23
;; @006d                               v7 = iadd v5, v6  ; v6 = 23
;; @006d                               v8 = iconst.i64 -8
;; @006d                               v9 = band v7, v8  ; v8 = -8
;; @006d                               v11 = load.i32 notrap aligned region0 v10+56
;; @006d                               v12 = uextend.i64 v11
;; @006d                               v13 = iadd v12, v9
;; @006d                               v14 = load.i32 notrap aligned region0 v10+60
;; @006d                               v15 = uextend.i64 v14
;; @006d                               v16 = icmp ult v15, v13
;; @006d                               v17 = ireduce.i32 v13
;; @006d                               brif v16, block2, block1
;;
;;                                 block1:
;; @006d                               store.i32 notrap aligned region0 v17, v10+56
;; @006d                               jump block3(v11)
;;
;;                                 block2 cold:
;; @006d                               v20 = load.i64 notrap aligned readonly can_move v19+80
;; @006d                               v21 = call_indirect sig0, v20(v0, v9)
;; @006d                               v22 = ireduce.i32 v21
;; @006d                               jump block3(v22)
;;
;;                                 block3(v18: i32):
;; @006d                               v23 = iconst.i32 26
;; @006d                               v24 = load.i32 notrap aligned readonly can_move v0+36
;; @006d                               v25 = uextend.i64 v18
;; @006d                               v26 = load.i64 notrap aligned region0 v10+40
;; @006d                               v27 = iadd v26, v25
;; @006d                               store notrap little region1 v23, v27  ; v23 = 26
;; @006d                               v28 = uextend.i64 v18
;; @006d                               v29 = load.i64 notrap aligned region0 v10+40
;; @006d                               v30 = iadd v29, v28
;; @006d                               store notrap little region1 v24, v30+4
;; @006d                               v31 = uextend.i64 v18
;; @006d                               v32 = load.i64 notrap aligned region0 v10+40
;; @006d                               v33 = iadd v32, v31
;; @006d                               store.i32 notrap little region1 v2, v33+8
;; @006d                               v34 = iconst.i32 3
;; @006d                               v35 = ishl.i32 v2, v34  ; v34 = 3
;; @006d                               v36 = iadd v18, v35
;; @006d                               v37 = iconst.i32 16
;; @006d                               v38 = iadd v36, v37  ; v37 = 16
;; @006d                               v39 = iconst.i32 7
;; @006d                               v40 = iadd v38, v39  ; v39 = 7
;; @006d                               v41 = iconst.i32 -8
;; @006d                               v42 = band v40, v41  ; v41 = -8
;; @006d                               v43 = iconst.i32 16
;; @006d                               v44 = iadd v18, v43  ; v43 = 16
;; @006d                               jump block4(v44)
;;
;;                                 block4(v45: i32):
;; @006d                               v46 = icmp ult v45, v42
;; @006d                               brif v46, block5, block6
;;
;;                                 block5:
;; @006d                               v47 = uextend.i64 v45
;; @006d                               v48 = load.i64 notrap aligned region0 v10+40
;; @006d                               v49 = iadd v48, v47
;; @006d                               store.i64 notrap little region2 v1, v49
;; @006d                               v50 = iconst.i32 8
;; @006d                               v51 = iadd.i32 v45, v50  ; v50 = 8
;; @006d                               jump block4(v51)
;;
;;                                 block6:
;; @0070                               return v18
;; }
