;;! x86_64 optimized faults

;; Code may be stopped between any two instructions. So an object has all its fields when it can be reached by a
;; global or a table, and no store that sees to it is left out because a later one overwrites it.
(module
  (type $s (struct (field (mut (ref null $s)))))
  (global $g (mut (ref null $s)) (ref.null $s))
  (table $t 1 1 (ref null $s))
  (func $by_global (param (ref null $s)) (local (ref null $s))
    (local.set 1 (struct.new $s (local.get 0)))
    (global.set $g (local.get 1))
    (struct.set $s 0 (local.get 1) (ref.null $s)))
  (func $by_table (param (ref null $s)) (local (ref null $s))
    (local.set 1 (struct.new $s (local.get 0)))
    (table.set $t (i32.const 0) (local.get 1))
    (struct.set $s 0 (local.get 1) (ref.null $s))))
;;= x86_64 optimized faults
;; function u0:0(i64 vmctx, i32) tail {
;;     ss0 = explicit_slot 4, align = 4
;;     region0 = 5 "allocation"
;;     region1 = 4 "heap headers"
;;     region2 = 3 "heap"
;;     region3 = 134217728 "spills"
;;     sig0 = (i64 vmctx, i64) -> i64 system_v
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v29 = stack_addr.i64 ss0
;;                                     store notrap aligned region3 v1, v29
;;                                     v3 = load.i64 notrap aligned readonly can_move v0
;; @0035                               v4 = load.i32 notrap aligned region0 v3+56
;; @0035                               v7 = load.i32 notrap aligned region0 v3+60
;; @0035                               v5 = iconst.i32 16
;; @0035                               v6 = iadd v4, v5  ; v5 = 16
;; @0035                               v8 = icmp ult v7, v6
;; @0035                               brif v8, block2, block1
;;
;;                                 block1:
;;                                     v30 = iadd.i32 v4, v5  ; v5 = 16
;; @0035                               store notrap aligned region0 v30, v3+56
;; @0035                               jump block3(v4)
;;
;;                                 block2 cold:
;;                                     v11 = load.i64 notrap aligned readonly can_move v0+8
;; @0035                               v12 = load.i64 notrap aligned readonly can_move v11+80
;; @0035                               v10 = iconst.i64 16
;; @0035                               v13 = call_indirect sig0, v12(v0, v10), stack_map=[i32 @ ss0+0]  ; v10 = 16
;; @0035                               v14 = ireduce.i32 v13
;; @0035                               jump block3(v14)
;;
;;                                 block3(v9: i32):
;; @0035                               v15 = iconst.i32 0x4011
;;                                     v18 = load.i64 notrap aligned readonly can_move v3+40
;; @0035                               v17 = uextend.i64 v9
;; @0035                               v19 = iadd v18, v17
;; @0035                               store notrap little region1 v15, v19  ; v15 = 0x4011
;; @0035                               v16 = load.i32 notrap aligned readonly can_move v0+64
;; @0035                               store notrap little region1 v16, v19+4
;;                                     v28 = load.i32 notrap aligned region3 v29
;; @0035                               store notrap little region2 v28, v19+8
;; @003c                               store notrap aligned region2 v9, v0+32
;; @002f                               v2 = iconst.i32 0
;; @0042                               store user14 little region2 v2, v19+8  ; v2 = 0
;; @0046                               return
;; }
;; function u0:1(i64 vmctx, i32) tail {
;;     ss0 = explicit_slot 4, align = 4
;;     region0 = 5 "allocation"
;;     region1 = 4 "heap headers"
;;     region2 = 3 "heap"
;;     region3 = 134217728 "spills"
;;     sig0 = (i64 vmctx, i64) -> i64 system_v
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v40 = stack_addr.i64 ss0
;;                                     store notrap aligned region3 v1, v40
;;                                     v3 = load.i64 notrap aligned readonly can_move v0
;; @004e                               v4 = load.i32 notrap aligned region0 v3+56
;; @004e                               v7 = load.i32 notrap aligned region0 v3+60
;; @004e                               v5 = iconst.i32 16
;; @004e                               v6 = iadd v4, v5  ; v5 = 16
;; @004e                               v8 = icmp ult v7, v6
;; @004e                               brif v8, block2, block1
;;
;;                                 block1:
;;                                     v43 = iadd.i32 v4, v5  ; v5 = 16
;; @004e                               store notrap aligned region0 v43, v3+56
;; @004e                               jump block3(v4)
;;
;;                                 block2 cold:
;;                                     v11 = load.i64 notrap aligned readonly can_move v0+8
;; @004e                               v12 = load.i64 notrap aligned readonly can_move v11+80
;; @004e                               v10 = iconst.i64 16
;; @004e                               v13 = call_indirect sig0, v12(v0, v10), stack_map=[i32 @ ss0+0]  ; v10 = 16
;; @004e                               v14 = ireduce.i32 v13
;; @004e                               jump block3(v14)
;;
;;                                 block3(v9: i32):
;; @004e                               v15 = iconst.i32 0x4011
;;                                     v18 = load.i64 notrap aligned readonly can_move v3+40
;; @004e                               v17 = uextend.i64 v9
;; @004e                               v19 = iadd v18, v17
;; @004e                               store notrap little region1 v15, v19  ; v15 = 0x4011
;; @004e                               v16 = load.i32 notrap aligned readonly can_move v0+64
;; @004e                               store notrap little region1 v16, v19+4
;;                                     v39 = load.i32 notrap aligned region3 v40
;; @004e                               store notrap little region2 v39, v19+8
;; @0057                               v31 = iconst.i8 1
;;                                     v25 = load.i64 notrap aligned readonly can_move v0+48
;;                                     v42 = iconst.i64 -1
;; @0057                               v30 = iadd v25, v42  ; v42 = -1
;; @0057                               store notrap little region2 v31, v30  ; v31 = 1
;; @0057                               store notrap aligned region2 v9, v25
;; @0048                               v2 = iconst.i32 0
;; @005d                               store user14 little region2 v2, v19+8  ; v2 = 0
;; @0061                               return
;; }
