;;! x86_64 clif faults
;;! x86_64 clif checks

(module
  (table $fixed 4 4 funcref)
  (table $growing 1 externref)
  (elem func $get)
  (func $get (param i32) (result funcref)
    (table.get $fixed (local.get 0)))
  (func $get_constant (result funcref)
    (table.get $fixed (i32.const 3)))
  (func $set (param i32 externref)
    (table.set $growing (local.get 0) (local.get 1)))
  (func $size (result i32)
    (i32.add (table.size $fixed) (table.size $growing)))
  (func $grow (param externref i32) (result i32)
    (table.grow $growing (local.get 0) (local.get 1)))
  (func $bulk (param i32 i32 i32 externref)
    (table.copy $fixed $fixed (local.get 0) (local.get 1) (local.get 2))
    (table.fill $growing (local.get 0) (local.get 3) (local.get 2))
    (table.init $fixed 0 (local.get 0) (local.get 1) (local.get 2))
    (elem.drop 0))
  (func $references (param externref) (result i32)
    (i32.or (ref.is_null (ref.func $get)) (ref.is_null (local.get 0)))))
;;= x86_64 clif faults
;; function u0:0(i64 vmctx, i32) -> i64 tail {
;;     region0 = 536870913 "table"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0+32
;; @0051                               v3 = iconst.i32 4
;; @0051                               v4 = icmp uge v1, v3  ; v3 = 4
;; @0051                               v5 = uextend.i64 v1
;; @0051                               v6 = iconst.i64 3
;; @0051                               v7 = ishl v5, v6  ; v6 = 3
;; @0051                               v8 = iadd v2, v7
;; @0051                               v9 = iconst.i64 0
;; @0051                               v10 = select_spectre_guard v4, v9, v8  ; v9 = 0
;; @0051                               v11 = load.i64 user4 aligned region0 v10
;; @0053                               return v11
;; }
;; function u0:1(i64 vmctx) -> i64 tail {
;;     region0 = 536870913 "table"
;;
;;                                 block0(v0: i64):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0+32
;; @0056                               v1 = iconst.i32 3
;; @0058                               v3 = uextend.i64 v1  ; v1 = 3
;; @0058                               v4 = iconst.i64 3
;; @0058                               v5 = ishl v3, v4  ; v4 = 3
;; @0058                               v6 = iadd v2, v5
;; @0058                               v7 = load.i64 notrap aligned region0 v6
;; @005a                               return v7
;; }
;; function u0:2(i64 vmctx, i32, i32) tail {
;;     region0 = 1 "extents"
;;     region1 = 3 "heap"
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;; @0061                               v3 = load.i32 notrap aligned region0 v0+56
;; @0061                               v4 = icmp uge v1, v3
;; @0061                               v5 = load.i64 notrap aligned region0 v0+48
;; @0061                               v6 = uextend.i64 v1
;; @0061                               v7 = iconst.i64 9
;; @0061                               v8 = ushr v6, v7  ; v7 = 9
;; @0061                               v9 = bnot v8
;; @0061                               v10 = iadd v5, v9
;; @0061                               v11 = iconst.i64 0
;; @0061                               v12 = select_spectre_guard v4, v11, v10  ; v11 = 0
;; @0061                               v13 = iconst.i8 1
;; @0061                               store user4 little region1 v13, v12  ; v13 = 1
;; @0061                               v14 = iconst.i64 2
;; @0061                               v15 = ishl v6, v14  ; v14 = 2
;; @0061                               v16 = iadd v5, v15
;; @0061                               v17 = iconst.i64 0
;; @0061                               v18 = select_spectre_guard v4, v17, v16  ; v17 = 0
;; @0061                               store user4 aligned region1 v2, v18
;; @0063                               return
;; }
;; function u0:3(i64 vmctx) -> i32 tail {
;;     region0 = 1 "extents"
;;
;;                                 block0(v0: i64):
;;                                     v1 = load.i64 notrap aligned readonly can_move v0+32
;; @0066                               v2 = iconst.i32 4
;; @0069                               v3 = load.i32 notrap aligned region0 v0+56
;; @006c                               v4 = iadd v2, v3  ; v2 = 4
;; @006d                               return v4
;; }
;; function u0:4(i64 vmctx, i32, i32) -> i32 tail {
;;     sig0 = (i64 vmctx, i32, i64, i64) -> i64 system_v
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;;                                     v6 = load.i64 notrap aligned readonly can_move v0+8
;; @0074                               v3 = uextend.i64 v1
;; @0074                               v4 = uextend.i64 v2
;; @0074                               v5 = iconst.i32 1
;; @0074                               v7 = load.i64 notrap aligned readonly can_move v6+40
;; @0074                               v8 = call_indirect sig0, v7(v0, v5, v4, v3)  ; v5 = 1
;; @0074                               v9 = ireduce.i32 v8
;; @0077                               return v9
;; }
;; function u0:5(i64 vmctx, i32, i32, i32, i32) tail {
;;     ss0 = explicit_slot 4, align = 4
;;     region0 = 134217728 "spills"
;;     sig0 = (i64 vmctx, i32, i64, i32, i64, i64) system_v
;;     sig1 = (i64 vmctx, i32, i64, i64, i64) system_v
;;     sig2 = (i64 vmctx, i32, i32, i64, i64, i64) system_v
;;     sig3 = (i64 vmctx, i32) system_v
;;
;;                                 block0(v0: i64, v1: i32, v2: i32, v3: i32, v4: i32):
;;                                     v28 = stack_addr.i64 ss0
;;                                     store notrap aligned region0 v4, v28
;;                                     v5 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v11 = load.i64 notrap aligned readonly can_move v0+8
;; @0080                               v6 = uextend.i64 v1
;; @0080                               v7 = uextend.i64 v2
;; @0080                               v8 = uextend.i64 v3
;; @0080                               v9 = iconst.i32 0
;; @0080                               v10 = iconst.i32 0
;; @0080                               v12 = load.i64 notrap aligned readonly can_move v11+56
;; @0080                               call_indirect sig0, v12(v0, v9, v6, v10, v7, v8), stack_map=[i32 @ ss0+0]  ; v9 = 0, v10 = 0
;; @008a                               v13 = uextend.i64 v1
;;                                     v26 = stack_addr.i64 ss0
;;                                     v27 = load.i32 notrap aligned region0 v26
;; @008a                               v14 = uextend.i64 v27
;; @008a                               v15 = uextend.i64 v3
;; @008a                               v16 = iconst.i32 1
;; @008a                               v17 = load.i64 notrap aligned readonly can_move v11+48
;; @008a                               call_indirect sig1, v17(v0, v16, v13, v14, v15)  ; v16 = 1
;; @0093                               v18 = uextend.i64 v1
;; @0093                               v19 = uextend.i64 v2
;; @0093                               v20 = uextend.i64 v3
;; @0093                               v21 = iconst.i32 0
;; @0093                               v22 = iconst.i32 0
;; @0093                               v23 = load.i64 notrap aligned readonly can_move v11+64
;; @0093                               call_indirect sig2, v23(v0, v21, v22, v18, v19, v20)  ; v21 = 0, v22 = 0
;; @0097                               v24 = iconst.i32 0
;; @0097                               v25 = load.i64 notrap aligned readonly can_move v11+72
;; @0097                               call_indirect sig3, v25(v0, v24)  ; v24 = 0
;; @009a                               return
;; }
;; function u0:6(i64 vmctx, i32) -> i32 tail {
;;                                 block0(v0: i64, v1: i32):
;; @009d                               v2 = iconst.i64 96
;; @009d                               v3 = iadd v0, v2  ; v2 = 96
;; @009f                               v4 = iconst.i32 0
;; @00a2                               v5 = iconst.i32 0
;; @00a2                               v6 = icmp eq v1, v5  ; v5 = 0
;; @00a3                               v7 = uextend.i32 v6
;; @00a3                               v8 = bor v4, v7  ; v4 = 0
;; @00a4                               return v8
;; }
;;= x86_64 clif checks
;; function u0:0(i64 vmctx, i32) -> i64 tail {
;;     region0 = 536870913 "table"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0+32
;; @0051                               v3 = iconst.i32 4
;; @0051                               v4 = icmp uge v1, v3  ; v3 = 4
;; @0051                               trapnz v4, user4
;; @0051                               v5 = uextend.i64 v1
;; @0051                               v6 = iconst.i64 3
;; @0051                               v7 = ishl v5, v6  ; v6 = 3
;; @0051                               v8 = iadd v2, v7
;; @0051                               v9 = iconst.i64 0
;; @0051                               v10 = select_spectre_guard v4, v9, v8  ; v9 = 0
;; @0051                               v11 = load.i64 notrap aligned region0 v10
;; @0053                               return v11
;; }
;; function u0:1(i64 vmctx) -> i64 tail {
;;     region0 = 536870913 "table"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0+32
;; @0056                               v1 = iconst.i32 3
;; @0058                               v3 = uextend.i64 v1  ; v1 = 3
;; @0058                               v4 = iconst.i64 3
;; @0058                               v5 = ishl v3, v4  ; v4 = 3
;; @0058                               v6 = iadd v2, v5
;; @0058                               v7 = load.i64 notrap aligned region0 v6
;; @005a                               return v7
;; }
;; function u0:2(i64 vmctx, i32, i32) tail {
;;     region0 = 1 "extents"
;;     region1 = 3 "heap"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;; @0061                               v3 = load.i32 notrap aligned region0 v0+56
;; @0061                               v4 = icmp uge v1, v3
;; @0061                               trapnz v4, user4
;; @0061                               v5 = load.i64 notrap aligned region0 v0+48
;; @0061                               v6 = uextend.i64 v1
;; @0061                               v7 = iconst.i64 9
;; @0061                               v8 = ushr v6, v7  ; v7 = 9
;; @0061                               v9 = bnot v8
;; @0061                               v10 = iadd v5, v9
;; @0061                               v11 = iconst.i64 0
;; @0061                               v12 = select_spectre_guard v4, v11, v10  ; v11 = 0
;; @0061                               v13 = iconst.i8 1
;; @0061                               store notrap little region1 v13, v12  ; v13 = 1
;; @0061                               v14 = iconst.i64 2
;; @0061                               v15 = ishl v6, v14  ; v14 = 2
;; @0061                               v16 = iadd v5, v15
;; @0061                               v17 = iconst.i64 0
;; @0061                               v18 = select_spectre_guard v4, v17, v16  ; v17 = 0
;; @0061                               store notrap aligned region1 v2, v18
;; @0063                               return
;; }
;; function u0:3(i64 vmctx) -> i32 tail {
;;     region0 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64):
;;                                     v1 = load.i64 notrap aligned readonly can_move v0+32
;; @0066                               v2 = iconst.i32 4
;; @0069                               v3 = load.i32 notrap aligned region0 v0+56
;; @006c                               v4 = iadd v2, v3  ; v2 = 4
;; @006d                               return v4
;; }
;; function u0:4(i64 vmctx, i32, i32) -> i32 tail {
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     sig0 = (i64 vmctx, i32, i64, i64) -> i64 system_v
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;;                                     v6 = load.i64 notrap aligned readonly can_move v0+8
;; @0074                               v3 = uextend.i64 v1
;; @0074                               v4 = uextend.i64 v2
;; @0074                               v5 = iconst.i32 1
;; @0074                               v7 = load.i64 notrap aligned readonly can_move v6+40
;; @0074                               v8 = call_indirect sig0, v7(v0, v5, v4, v3)  ; v5 = 1
;; @0074                               v9 = ireduce.i32 v8
;; @0077                               return v9
;; }
;; function u0:5(i64 vmctx, i32, i32, i32, i32) tail {
;;     ss0 = explicit_slot 4, align = 4
;;     region0 = 134217728 "spills"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     sig0 = (i64 vmctx, i32, i64, i32, i64, i64) system_v
;;     sig1 = (i64 vmctx, i32, i64, i64, i64) system_v
;;     sig2 = (i64 vmctx, i32, i32, i64, i64, i64) system_v
;;     sig3 = (i64 vmctx, i32) system_v
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i32, v3: i32, v4: i32):
;;                                     v28 = stack_addr.i64 ss0
;;                                     store notrap aligned region0 v4, v28
;;                                     v5 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v11 = load.i64 notrap aligned readonly can_move v0+8
;; @0080                               v6 = uextend.i64 v1
;; @0080                               v7 = uextend.i64 v2
;; @0080                               v8 = uextend.i64 v3
;; @0080                               v9 = iconst.i32 0
;; @0080                               v10 = iconst.i32 0
;; @0080                               v12 = load.i64 notrap aligned readonly can_move v11+56
;; @0080                               call_indirect sig0, v12(v0, v9, v6, v10, v7, v8), stack_map=[i32 @ ss0+0]  ; v9 = 0, v10 = 0
;; @008a                               v13 = uextend.i64 v1
;;                                     v26 = stack_addr.i64 ss0
;;                                     v27 = load.i32 notrap aligned region0 v26
;; @008a                               v14 = uextend.i64 v27
;; @008a                               v15 = uextend.i64 v3
;; @008a                               v16 = iconst.i32 1
;; @008a                               v17 = load.i64 notrap aligned readonly can_move v11+48
;; @008a                               call_indirect sig1, v17(v0, v16, v13, v14, v15)  ; v16 = 1
;; @0093                               v18 = uextend.i64 v1
;; @0093                               v19 = uextend.i64 v2
;; @0093                               v20 = uextend.i64 v3
;; @0093                               v21 = iconst.i32 0
;; @0093                               v22 = iconst.i32 0
;; @0093                               v23 = load.i64 notrap aligned readonly can_move v11+64
;; @0093                               call_indirect sig2, v23(v0, v21, v22, v18, v19, v20)  ; v21 = 0, v22 = 0
;; @0097                               v24 = iconst.i32 0
;; @0097                               v25 = load.i64 notrap aligned readonly can_move v11+72
;; @0097                               call_indirect sig3, v25(v0, v24)  ; v24 = 0
;; @009a                               return
;; }
;; function u0:6(i64 vmctx, i32) -> i32 tail {
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;; @009d                               v2 = iconst.i64 96
;; @009d                               v3 = iadd v0, v2  ; v2 = 96
;; @009f                               v4 = iconst.i32 0
;; @00a2                               v5 = iconst.i32 0
;; @00a2                               v6 = icmp eq v1, v5  ; v5 = 0
;; @00a3                               v7 = uextend.i32 v6
;; @00a3                               v8 = bor v4, v7  ; v4 = 0
;; @00a4                               return v8
;; }
