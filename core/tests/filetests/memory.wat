;; A memory that never moves: the offset is an operand, the base a constant, and nothing is checked.
;;! x86_64 clif faults
;;! x86_64 clif moving
;;! x86_64 clif checks

(module
  (memory 1)
  (func $load (param i32) (result i32)
    (i32.load offset=8 (local.get 0)))
  (func $narrow (param i32 i64)
    (i64.store8 (local.get 0) (i64.load16_s offset=2 (local.get 0))))
  ;; Below the minimum size: in bounds for ever.
  (func $constant (result i32)
    (i32.load offset=4 (i32.const 1024)))
  ;; Beyond it.
  (func $constant_checked (result i32)
    (i32.load (i32.const 65533)))
  ;; Beyond the guard.
  (func $far (param i32) (result i32)
    (i32.load offset=0x90000000 (local.get 0)))
  (func $byte (param i32) (result i32)
    (i32.load8_u (local.get 0)))
  (func $size_and_grow (param i32) (result i32)
    (i32.add (memory.grow (local.get 0)) (memory.size))))
;;= x86_64 clif faults
;; function u0:0(i64 vmctx, i32) -> i32 tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0+32
;; @002f                               v3 = uextend.i64 v1
;; @002f                               v4 = iadd v2, v3
;; @002f                               v5 = load.i32 little region0 v4+8
;; @0032                               return v5
;; }
;; function u0:1(i64 vmctx, i32, i64) tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64, v1: i32, v2: i64):
;;                                     v3 = load.i64 notrap aligned readonly can_move v0+32
;; @0039                               v4 = uextend.i64 v1
;; @0039                               v5 = iadd v3, v4
;; @0039                               v6 = sload16.i64 little region0 v5+2
;; @003c                               v7 = uextend.i64 v1
;; @003c                               v8 = iadd v3, v7
;; @003c                               istore8 little region0 v6, v8
;; @003f                               return
;; }
;; function u0:2(i64 vmctx) -> i32 tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0+32
;; @0042                               v1 = iconst.i32 1024
;; @0045                               v3 = load.i32 notrap little region0 v2+1028
;; @0048                               return v3
;; }
;; function u0:3(i64 vmctx) -> i32 tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0+32
;; @004b                               v1 = iconst.i32 0xfffd
;; @004f                               v3 = uextend.i64 v1  ; v1 = 0xfffd
;; @004f                               v4 = iadd v2, v3
;; @004f                               v5 = load.i32 little region0 v4
;; @0052                               return v5
;; }
;; function u0:4(i64 vmctx, i32) -> i32 tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0+32
;; @0057                               v3 = uextend.i64 v1
;; @0057                               v4 = iconst.i64 0x9000_0004
;; @0057                               v5 = iadd v3, v4  ; v4 = 0x9000_0004
;; @0057                               v6 = load.i64 notrap aligned region1 v0+40
;; @0057                               v7 = icmp ult v6, v5
;; @0057                               v8 = iadd v2, v3
;; @0057                               v9 = iconst.i64 0x9000_0000
;; @0057                               v10 = iadd v8, v9  ; v9 = 0x9000_0000
;; @0057                               v11 = iconst.i64 0
;; @0057                               v12 = select_spectre_guard v7, v11, v10  ; v11 = 0
;; @0057                               v13 = load.i32 little region0 v12
;; @005e                               return v13
;; }
;; function u0:5(i64 vmctx, i32) -> i32 tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0+32
;; @0063                               v3 = uextend.i64 v1
;; @0063                               v4 = iadd v2, v3
;; @0063                               v5 = uload8.i32 little region0 v4
;; @0066                               return v5
;; }
;; function u0:6(i64 vmctx, i32) -> i32 tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     sig0 = (i64 vmctx, i32, i64) -> i64 system_v
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v5 = load.i64 notrap aligned readonly can_move v0+8
;; @006b                               v3 = uextend.i64 v1
;; @006b                               v4 = iconst.i32 0
;; @006b                               v6 = load.i64 notrap aligned readonly can_move v5
;; @006b                               v7 = call_indirect sig0, v6(v0, v4, v3)  ; v4 = 0
;; @006b                               v8 = ireduce.i32 v7
;; @006d                               v9 = load.i64 notrap aligned region1 v0+40
;; @006d                               v10 = iconst.i64 16
;; @006d                               v11 = ushr v9, v10  ; v10 = 16
;; @006d                               v12 = ireduce.i32 v11
;; @006f                               v13 = iadd v8, v12
;; @0070                               return v13
;; }
;;= x86_64 clif moving
;; function u0:0(i64 vmctx, i32) -> i32 tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;
;;                                 block0(v0: i64, v1: i32):
;; @002f                               v2 = uextend.i64 v1
;; @002f                               v3 = load.i64 notrap aligned region1 v0+40
;; @002f                               v4 = icmp ult v3, v2
;; @002f                               v5 = load.i64 notrap aligned region1 v0+32
;; @002f                               v6 = iadd v5, v2
;; @002f                               v7 = iconst.i64 8
;; @002f                               v8 = iadd v6, v7  ; v7 = 8
;; @002f                               v9 = iconst.i64 0
;; @002f                               v10 = select_spectre_guard v4, v9, v8  ; v9 = 0
;; @002f                               v11 = load.i32 little region0 v10
;; @0032                               return v11
;; }
;; function u0:1(i64 vmctx, i32, i64) tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;
;;                                 block0(v0: i64, v1: i32, v2: i64):
;; @0039                               v3 = uextend.i64 v1
;; @0039                               v4 = load.i64 notrap aligned region1 v0+40
;; @0039                               v5 = icmp ult v4, v3
;; @0039                               v6 = load.i64 notrap aligned region1 v0+32
;; @0039                               v7 = iadd v6, v3
;; @0039                               v8 = iconst.i64 2
;; @0039                               v9 = iadd v7, v8  ; v8 = 2
;; @0039                               v10 = iconst.i64 0
;; @0039                               v11 = select_spectre_guard v5, v10, v9  ; v10 = 0
;; @0039                               v12 = sload16.i64 little region0 v11
;; @003c                               v13 = uextend.i64 v1
;; @003c                               v14 = load.i64 notrap aligned region1 v0+40
;; @003c                               v15 = icmp ult v14, v13
;; @003c                               v16 = load.i64 notrap aligned region1 v0+32
;; @003c                               v17 = iadd v16, v13
;; @003c                               v18 = iconst.i64 0
;; @003c                               v19 = select_spectre_guard v15, v18, v17  ; v18 = 0
;; @003c                               istore8 little region0 v12, v19
;; @003f                               return
;; }
;; function u0:2(i64 vmctx) -> i32 tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;
;;                                 block0(v0: i64):
;; @0042                               v1 = iconst.i32 1024
;; @0045                               v2 = load.i64 notrap aligned region1 v0+32
;; @0045                               v3 = load.i32 notrap little region0 v2+1028
;; @0048                               return v3
;; }
;; function u0:3(i64 vmctx) -> i32 tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;
;;                                 block0(v0: i64):
;; @004b                               v1 = iconst.i32 0xfffd
;; @004f                               v2 = uextend.i64 v1  ; v1 = 0xfffd
;; @004f                               v3 = load.i64 notrap aligned region1 v0+40
;; @004f                               v4 = icmp ult v3, v2
;; @004f                               v5 = load.i64 notrap aligned region1 v0+32
;; @004f                               v6 = iadd v5, v2
;; @004f                               v7 = iconst.i64 0
;; @004f                               v8 = select_spectre_guard v4, v7, v6  ; v7 = 0
;; @004f                               v9 = load.i32 little region0 v8
;; @0052                               return v9
;; }
;; function u0:4(i64 vmctx, i32) -> i32 tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;
;;                                 block0(v0: i64, v1: i32):
;; @0057                               v2 = uextend.i64 v1
;; @0057                               v3 = iconst.i64 0x9000_0004
;; @0057                               v4 = iadd v2, v3  ; v3 = 0x9000_0004
;; @0057                               v5 = load.i64 notrap aligned region1 v0+40
;; @0057                               v6 = icmp ult v5, v4
;; @0057                               v7 = load.i64 notrap aligned region1 v0+32
;; @0057                               v8 = iadd v7, v2
;; @0057                               v9 = iconst.i64 0x9000_0000
;; @0057                               v10 = iadd v8, v9  ; v9 = 0x9000_0000
;; @0057                               v11 = iconst.i64 0
;; @0057                               v12 = select_spectre_guard v6, v11, v10  ; v11 = 0
;; @0057                               v13 = load.i32 little region0 v12
;; @005e                               return v13
;; }
;; function u0:5(i64 vmctx, i32) -> i32 tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;
;;                                 block0(v0: i64, v1: i32):
;; @0063                               v2 = uextend.i64 v1
;; @0063                               v3 = load.i64 notrap aligned region1 v0+40
;; @0063                               v4 = icmp ult v3, v2
;; @0063                               v5 = load.i64 notrap aligned region1 v0+32
;; @0063                               v6 = iadd v5, v2
;; @0063                               v7 = iconst.i64 0
;; @0063                               v8 = select_spectre_guard v4, v7, v6  ; v7 = 0
;; @0063                               v9 = uload8.i32 little region0 v8
;; @0066                               return v9
;; }
;; function u0:6(i64 vmctx, i32) -> i32 tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     sig0 = (i64 vmctx, i32, i64) -> i64 system_v
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+8
;; @006b                               v2 = uextend.i64 v1
;; @006b                               v3 = iconst.i32 0
;; @006b                               v5 = load.i64 notrap aligned readonly can_move v4
;; @006b                               v6 = call_indirect sig0, v5(v0, v3, v2)  ; v3 = 0
;; @006b                               v7 = ireduce.i32 v6
;; @006d                               v8 = load.i64 notrap aligned region1 v0+40
;; @006d                               v9 = iconst.i64 16
;; @006d                               v10 = ushr v8, v9  ; v9 = 16
;; @006d                               v11 = ireduce.i32 v10
;; @006f                               v12 = iadd v7, v11
;; @0070                               return v12
;; }
;;= x86_64 clif checks
;; function u0:0(i64 vmctx, i32) -> i32 tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;; @002f                               v2 = uextend.i64 v1
;; @002f                               v3 = load.i64 notrap aligned region1 v0+40
;; @002f                               v4 = iconst.i64 12
;; @002f                               v5 = isub v3, v4  ; v4 = 12
;; @002f                               v6 = icmp ult v5, v2
;; @002f                               trapnz v6, heap_oob
;; @002f                               v7 = load.i64 notrap aligned region1 v0+32
;; @002f                               v8 = iadd v7, v2
;; @002f                               v9 = iconst.i64 8
;; @002f                               v10 = iadd v8, v9  ; v9 = 8
;; @002f                               v11 = iconst.i64 0
;; @002f                               v12 = select_spectre_guard v6, v11, v10  ; v11 = 0
;; @002f                               v13 = load.i32 notrap little region0 v12
;; @0032                               return v13
;; }
;; function u0:1(i64 vmctx, i32, i64) tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i64):
;; @0039                               v3 = uextend.i64 v1
;; @0039                               v4 = load.i64 notrap aligned region1 v0+40
;; @0039                               v5 = iconst.i64 4
;; @0039                               v6 = isub v4, v5  ; v5 = 4
;; @0039                               v7 = icmp ult v6, v3
;; @0039                               trapnz v7, heap_oob
;; @0039                               v8 = load.i64 notrap aligned region1 v0+32
;; @0039                               v9 = iadd v8, v3
;; @0039                               v10 = iconst.i64 2
;; @0039                               v11 = iadd v9, v10  ; v10 = 2
;; @0039                               v12 = iconst.i64 0
;; @0039                               v13 = select_spectre_guard v7, v12, v11  ; v12 = 0
;; @0039                               v14 = sload16.i64 notrap little region0 v13
;; @003c                               v15 = uextend.i64 v1
;; @003c                               v16 = load.i64 notrap aligned region1 v0+40
;; @003c                               v17 = icmp ule v16, v15
;; @003c                               trapnz v17, heap_oob
;; @003c                               v18 = load.i64 notrap aligned region1 v0+32
;; @003c                               v19 = iadd v18, v15
;; @003c                               v20 = iconst.i64 0
;; @003c                               v21 = select_spectre_guard v17, v20, v19  ; v20 = 0
;; @003c                               istore8 notrap little region0 v14, v21
;; @003f                               return
;; }
;; function u0:2(i64 vmctx) -> i32 tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64):
;; @0042                               v1 = iconst.i32 1024
;; @0045                               v2 = load.i64 notrap aligned region1 v0+32
;; @0045                               v3 = load.i32 notrap little region0 v2+1028
;; @0048                               return v3
;; }
;; function u0:3(i64 vmctx) -> i32 tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64):
;; @004b                               v1 = iconst.i32 0xfffd
;; @004f                               v2 = uextend.i64 v1  ; v1 = 0xfffd
;; @004f                               v3 = load.i64 notrap aligned region1 v0+40
;; @004f                               v4 = iconst.i64 4
;; @004f                               v5 = isub v3, v4  ; v4 = 4
;; @004f                               v6 = icmp ult v5, v2
;; @004f                               trapnz v6, heap_oob
;; @004f                               v7 = load.i64 notrap aligned region1 v0+32
;; @004f                               v8 = iadd v7, v2
;; @004f                               v9 = iconst.i64 0
;; @004f                               v10 = select_spectre_guard v6, v9, v8  ; v9 = 0
;; @004f                               v11 = load.i32 notrap little region0 v10
;; @0052                               return v11
;; }
;; function u0:4(i64 vmctx, i32) -> i32 tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;; @0057                               v2 = uextend.i64 v1
;; @0057                               v3 = iconst.i64 0x9000_0004
;; @0057                               v4 = iadd v2, v3  ; v3 = 0x9000_0004
;; @0057                               v5 = load.i64 notrap aligned region1 v0+40
;; @0057                               v6 = icmp ult v5, v4
;; @0057                               trapnz v6, heap_oob
;; @0057                               v7 = load.i64 notrap aligned region1 v0+32
;; @0057                               v8 = iadd v7, v2
;; @0057                               v9 = iconst.i64 0x9000_0000
;; @0057                               v10 = iadd v8, v9  ; v9 = 0x9000_0000
;; @0057                               v11 = iconst.i64 0
;; @0057                               v12 = select_spectre_guard v6, v11, v10  ; v11 = 0
;; @0057                               v13 = load.i32 notrap little region0 v12
;; @005e                               return v13
;; }
;; function u0:5(i64 vmctx, i32) -> i32 tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;; @0063                               v2 = uextend.i64 v1
;; @0063                               v3 = load.i64 notrap aligned region1 v0+40
;; @0063                               v4 = icmp ule v3, v2
;; @0063                               trapnz v4, heap_oob
;; @0063                               v5 = load.i64 notrap aligned region1 v0+32
;; @0063                               v6 = iadd v5, v2
;; @0063                               v7 = iconst.i64 0
;; @0063                               v8 = select_spectre_guard v4, v7, v6  ; v7 = 0
;; @0063                               v9 = uload8.i32 notrap little region0 v8
;; @0066                               return v9
;; }
;; function u0:6(i64 vmctx, i32) -> i32 tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     sig0 = (i64 vmctx, i32, i64) -> i64 system_v
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+8
;; @006b                               v2 = uextend.i64 v1
;; @006b                               v3 = iconst.i32 0
;; @006b                               v5 = load.i64 notrap aligned readonly can_move v4
;; @006b                               v6 = call_indirect sig0, v5(v0, v3, v2)  ; v3 = 0
;; @006b                               v7 = ireduce.i32 v6
;; @006d                               v8 = load.i64 notrap aligned region1 v0+40
;; @006d                               v9 = iconst.i64 16
;; @006d                               v10 = ushr v8, v9  ; v9 = 16
;; @006d                               v11 = ireduce.i32 v10
;; @006f                               v12 = iadd v7, v11
;; @0070                               return v12
;; }
