;; What is short and of constant length is copied and filled in line, the end first. The rest is left
;; to functions that are shared.
;;! x86_64 clif faults
;;! x86_64 clif checks
;;! aarch64 machine faults
;;! x86_64 helpers faults

(module
  (memory 1)
  (data "abc")
  (func $copy7 (param i32 i32)
    (memory.copy (local.get 0) (local.get 1) (i32.const 7)))
  (func $copy40 (param i32 i32)
    (memory.copy (local.get 0) (local.get 1) (i32.const 40)))
  (func $fill3 (param i32)
    (memory.fill (local.get 0) (i32.const 0x1ff) (i32.const 3)))
  (func $fill12 (param i32 i32)
    (memory.fill (local.get 0) (local.get 1) (i32.const 12)))
  (func $fill24 (param i32)
    (memory.fill (local.get 0) (i32.const 0) (i32.const 24)))
  (func $copy (param i32 i32 i32)
    (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func $fill_nothing (param i32)
    (memory.fill (local.get 0) (i32.const 0) (i32.const 0)))
  (func $init (param i32)
    (memory.init 0 (local.get 0) (i32.const 1) (i32.const 2))
    (data.drop 0)))
;;= x86_64 clif faults
;; function u0:0(i64 vmctx, i32, i32) tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;; @0036                               v3 = iconst.i32 7
;; @0038                               v5 = uextend.i64 v2
;; @0038                               v6 = iadd v4, v5
;; @0038                               v7 = uextend.i64 v1
;; @0038                               v8 = iadd v4, v7
;; @0038                               v9 = load.i32 little region0 v6+3
;; @0038                               v10 = load.i32 little region0 v6
;; @0038                               store little region0 v9, v8+3
;; @0038                               store little region0 v10, v8
;; @003c                               return
;; }
;; function u0:1(i64 vmctx, i32, i32) tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;; @0043                               v3 = iconst.i32 40
;; @0045                               v5 = uextend.i64 v2
;; @0045                               v6 = iadd v4, v5
;; @0045                               v7 = uextend.i64 v1
;; @0045                               v8 = iadd v4, v7
;; @0045                               v9 = load.i64 little region0 v6+32
;; @0045                               v10 = load.i8x16 little region0 v6+16
;; @0045                               v11 = load.i8x16 little region0 v6
;; @0045                               store little region0 v9, v8+32
;; @0045                               store little region0 v10, v8+16
;; @0045                               store little region0 v11, v8
;; @0049                               return
;; }
;; function u0:2(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;; @004e                               v2 = iconst.i32 511
;; @0051                               v3 = iconst.i32 3
;; @0053                               v5 = uextend.i64 v1
;; @0053                               v6 = iadd v4, v5
;; @0053                               v7 = iconst.i8 -1
;; @0053                               v8 = iconst.i16 -1
;; @0053                               store little region0 v7, v6+2  ; v7 = -1
;; @0053                               store little region0 v8, v6  ; v8 = -1
;; @0056                               return
;; }
;; function u0:3(i64 vmctx, i32, i32) tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;; @005d                               v3 = iconst.i32 12
;; @005f                               v5 = uextend.i64 v1
;; @005f                               v6 = iadd v4, v5
;; @005f                               v7 = ireduce.i8 v2
;; @005f                               v8 = uextend.i32 v7
;; @005f                               v9 = iconst.i32 0x0101_0101
;; @005f                               v10 = imul v8, v9  ; v9 = 0x0101_0101
;; @005f                               v11 = ireduce.i8 v2
;; @005f                               v12 = uextend.i64 v11
;; @005f                               v13 = iconst.i64 0x0101_0101_0101_0101
;; @005f                               v14 = imul v12, v13  ; v13 = 0x0101_0101_0101_0101
;; @005f                               store little region0 v10, v6+8
;; @005f                               store little region0 v14, v6
;; @0062                               return
;; }
;; function u0:4(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;     const0 = 0x00000000000000000000000000000000
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;; @0067                               v2 = iconst.i32 0
;; @0069                               v3 = iconst.i32 24
;; @006b                               v5 = uextend.i64 v1
;; @006b                               v6 = iadd v4, v5
;; @006b                               v7 = iconst.i64 0
;; @006b                               v8 = vconst.i8x16 const0
;; @006b                               store little region0 v7, v6+16  ; v7 = 0
;; @006b                               store little region0 v8, v6  ; v8 = const0
;; @006e                               return
;; }
;; function u0:5(i64 vmctx, i32, i32, i32) tail {
;;     region0 = 268435457 "memory"
;;     sig0 = (i64 vmctx, i32, i64, i32, i64, i64) system_v
;;
;;                                 block0(v0: i64, v1: i32, v2: i32, v3: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v42 = load.i64 notrap aligned readonly can_move v0+8
;; @0077                               v5 = uextend.i64 v2
;; @0077                               v6 = iadd v4, v5
;; @0077                               v7 = uextend.i64 v1
;; @0077                               v8 = iadd v4, v7
;; @0077                               v9 = iconst.i32 -1
;; @0077                               v10 = iadd v3, v9  ; v9 = -1
;; @0077                               v11 = iconst.i32 32
;; @0077                               v12 = icmp ult v10, v11  ; v11 = 32
;; @0077                               brif v12, block3, block2
;;
;;                                 block3:
;; @0077                               v13 = iconst.i32 63
;; @0077                               v14 = band.i32 v3, v13  ; v13 = 63
;; @0077                               v15 = uextend.i64 v14
;; @0077                               v16 = iadd.i64 v8, v15
;; @0077                               v17 = iadd.i64 v6, v15
;; @0077                               v18 = iconst.i64 16
;; @0077                               v19 = icmp uge v15, v18  ; v18 = 16
;; @0077                               brif v19, block5, block4
;;
;;                                 block5:
;; @0077                               v20 = load.i8x16 little region0 v6
;; @0077                               v21 = load.i8x16 little region0 v17-16
;; @0077                               store little region0 v21, v16-16
;; @0077                               store little region0 v20, v8
;; @0077                               jump block1
;;
;;                                 block4:
;; @0077                               v22 = iconst.i64 8
;; @0077                               v23 = icmp.i64 uge v15, v22  ; v22 = 8
;; @0077                               brif v23, block7, block6
;;
;;                                 block7:
;; @0077                               v24 = load.i64 little region0 v6
;; @0077                               v25 = load.i64 little region0 v17-8
;; @0077                               store little region0 v25, v16-8
;; @0077                               store little region0 v24, v8
;; @0077                               jump block1
;;
;;                                 block6:
;; @0077                               v26 = iconst.i64 4
;; @0077                               v27 = icmp.i64 uge v15, v26  ; v26 = 4
;; @0077                               brif v27, block9, block8
;;
;;                                 block9:
;; @0077                               v28 = load.i32 little region0 v6
;; @0077                               v29 = load.i32 little region0 v17-4
;; @0077                               store little region0 v29, v16-4
;; @0077                               store little region0 v28, v8
;; @0077                               jump block1
;;
;;                                 block8:
;; @0077                               v30 = iconst.i64 1
;; @0077                               v31 = ushr.i64 v15, v30  ; v30 = 1
;; @0077                               v32 = iadd.i64 v8, v31
;; @0077                               v33 = iadd.i64 v6, v31
;; @0077                               v34 = load.i8 little region0 v6
;; @0077                               v35 = load.i8 little region0 v33
;; @0077                               v36 = load.i8 little region0 v17-1
;; @0077                               store little region0 v36, v16-1
;; @0077                               store little region0 v35, v32
;; @0077                               store little region0 v34, v8
;; @0077                               jump block1
;;
;;                                 block2 cold:
;; @0077                               v37 = uextend.i64 v1
;; @0077                               v38 = uextend.i64 v2
;; @0077                               v39 = uextend.i64 v3
;; @0077                               v40 = iconst.i32 0
;; @0077                               v41 = iconst.i32 0
;; @0077                               v43 = load.i64 notrap aligned readonly can_move v42+8
;; @0077                               call_indirect sig0, v43(v0, v40, v37, v41, v38, v39)  ; v40 = 0, v41 = 0
;; @0077                               jump block1
;;
;;                                 block1:
;; @007b                               return
;; }
;; function u0:6(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;     sig0 = (i64 vmctx, i32, i64, i32, i64) system_v
;;     const0 = 0x00000000000000000000000000000000
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v36 = load.i64 notrap aligned readonly can_move v0+8
;; @0080                               v2 = iconst.i32 0
;; @0082                               v3 = iconst.i32 0
;; @0084                               v5 = uextend.i64 v1
;; @0084                               v6 = iadd v4, v5
;; @0084                               v7 = iconst.i32 -1
;; @0084                               v8 = iadd v3, v7  ; v3 = 0, v7 = -1
;; @0084                               v9 = iconst.i32 32
;; @0084                               v10 = icmp ult v8, v9  ; v9 = 32
;; @0084                               brif v10, block3, block2
;;
;;                                 block3:
;; @0084                               v11 = iconst.i32 63
;; @0084                               v12 = band.i32 v3, v11  ; v3 = 0, v11 = 63
;; @0084                               v13 = uextend.i64 v12
;; @0084                               v14 = iadd.i64 v6, v13
;; @0084                               v15 = iconst.i64 16
;; @0084                               v16 = icmp uge v13, v15  ; v15 = 16
;; @0084                               brif v16, block5, block4
;;
;;                                 block5:
;; @0084                               v17 = vconst.i8x16 const0
;; @0084                               v18 = vconst.i8x16 const0
;; @0084                               store little region0 v18, v14-16  ; v18 = const0
;; @0084                               store little region0 v17, v6  ; v17 = const0
;; @0084                               jump block1
;;
;;                                 block4:
;; @0084                               v19 = iconst.i64 8
;; @0084                               v20 = icmp.i64 uge v13, v19  ; v19 = 8
;; @0084                               brif v20, block7, block6
;;
;;                                 block7:
;; @0084                               v21 = iconst.i64 0
;; @0084                               v22 = iconst.i64 0
;; @0084                               store little region0 v22, v14-8  ; v22 = 0
;; @0084                               store little region0 v21, v6  ; v21 = 0
;; @0084                               jump block1
;;
;;                                 block6:
;; @0084                               v23 = iconst.i64 4
;; @0084                               v24 = icmp.i64 uge v13, v23  ; v23 = 4
;; @0084                               brif v24, block9, block8
;;
;;                                 block9:
;; @0084                               v25 = iconst.i32 0
;; @0084                               v26 = iconst.i32 0
;; @0084                               store little region0 v26, v14-4  ; v26 = 0
;; @0084                               store little region0 v25, v6  ; v25 = 0
;; @0084                               jump block1
;;
;;                                 block8:
;; @0084                               v27 = iconst.i64 1
;; @0084                               v28 = ushr.i64 v13, v27  ; v27 = 1
;; @0084                               v29 = iadd.i64 v6, v28
;; @0084                               v30 = iconst.i8 0
;; @0084                               v31 = iconst.i8 0
;; @0084                               v32 = iconst.i8 0
;; @0084                               store little region0 v32, v14-1  ; v32 = 0
;; @0084                               store little region0 v31, v29  ; v31 = 0
;; @0084                               store little region0 v30, v6  ; v30 = 0
;; @0084                               jump block1
;;
;;                                 block2 cold:
;; @0084                               v33 = uextend.i64 v1
;; @0084                               v34 = uextend.i64 v3  ; v3 = 0
;; @0084                               v35 = iconst.i32 0
;; @0084                               v37 = load.i64 notrap aligned readonly can_move v36+16
;; @0084                               call_indirect sig0, v37(v0, v35, v33, v2, v34)  ; v35 = 0, v2 = 0
;; @0084                               jump block1
;;
;;                                 block1:
;; @0087                               return
;; }
;; function u0:7(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;     sig0 = (i64 vmctx, i32, i32, i64, i64, i64) system_v
;;     sig1 = (i64 vmctx, i32) system_v
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v10 = load.i64 notrap aligned readonly can_move v0+8
;; @008c                               v2 = iconst.i32 1
;; @008e                               v3 = iconst.i32 2
;; @0090                               v5 = uextend.i64 v1
;; @0090                               v6 = uextend.i64 v2  ; v2 = 1
;; @0090                               v7 = uextend.i64 v3  ; v3 = 2
;; @0090                               v8 = iconst.i32 0
;; @0090                               v9 = iconst.i32 0
;; @0090                               v11 = load.i64 notrap aligned readonly can_move v10+24
;; @0090                               call_indirect sig0, v11(v0, v8, v9, v5, v6, v7)  ; v8 = 0, v9 = 0
;; @0094                               v12 = iconst.i32 0
;; @0094                               v13 = load.i64 notrap aligned readonly can_move v10+32
;; @0094                               call_indirect sig1, v13(v0, v12)  ; v12 = 0
;; @0097                               return
;; }
;;= x86_64 clif checks
;; function u0:0(i64 vmctx, i32, i32) tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned readonly can_move gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;; @0036                               v3 = iconst.i32 7
;; @0038                               v4 = uextend.i64 v2
;; @0038                               v5 = load.i64 notrap aligned region1 v0+40
;; @0038                               v6 = iconst.i64 7
;; @0038                               v7 = isub v5, v6  ; v6 = 7
;; @0038                               v8 = icmp ult v7, v4
;; @0038                               trapnz v8, heap_oob
;; @0038                               v9 = load.i64 notrap aligned region1 v0+32
;; @0038                               v10 = iadd v9, v4
;; @0038                               v11 = iconst.i64 0
;; @0038                               v12 = select_spectre_guard v8, v11, v10  ; v11 = 0
;; @0038                               v13 = uextend.i64 v1
;; @0038                               v14 = load.i64 notrap aligned region1 v0+40
;; @0038                               v15 = iconst.i64 7
;; @0038                               v16 = isub v14, v15  ; v15 = 7
;; @0038                               v17 = icmp ult v16, v13
;; @0038                               trapnz v17, heap_oob
;; @0038                               v18 = load.i64 notrap aligned region1 v0+32
;; @0038                               v19 = iadd v18, v13
;; @0038                               v20 = iconst.i64 0
;; @0038                               v21 = select_spectre_guard v17, v20, v19  ; v20 = 0
;; @0038                               v22 = load.i32 notrap little region0 v12+3
;; @0038                               v23 = load.i32 notrap little region0 v12
;; @0038                               store notrap little region0 v22, v21+3
;; @0038                               store notrap little region0 v23, v21
;; @003c                               return
;; }
;; function u0:1(i64 vmctx, i32, i32) tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned readonly can_move gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;; @0043                               v3 = iconst.i32 40
;; @0045                               v4 = uextend.i64 v2
;; @0045                               v5 = load.i64 notrap aligned region1 v0+40
;; @0045                               v6 = iconst.i64 40
;; @0045                               v7 = isub v5, v6  ; v6 = 40
;; @0045                               v8 = icmp ult v7, v4
;; @0045                               trapnz v8, heap_oob
;; @0045                               v9 = load.i64 notrap aligned region1 v0+32
;; @0045                               v10 = iadd v9, v4
;; @0045                               v11 = iconst.i64 0
;; @0045                               v12 = select_spectre_guard v8, v11, v10  ; v11 = 0
;; @0045                               v13 = uextend.i64 v1
;; @0045                               v14 = load.i64 notrap aligned region1 v0+40
;; @0045                               v15 = iconst.i64 40
;; @0045                               v16 = isub v14, v15  ; v15 = 40
;; @0045                               v17 = icmp ult v16, v13
;; @0045                               trapnz v17, heap_oob
;; @0045                               v18 = load.i64 notrap aligned region1 v0+32
;; @0045                               v19 = iadd v18, v13
;; @0045                               v20 = iconst.i64 0
;; @0045                               v21 = select_spectre_guard v17, v20, v19  ; v20 = 0
;; @0045                               v22 = load.i64 notrap little region0 v12+32
;; @0045                               v23 = load.i8x16 notrap little region0 v12+16
;; @0045                               v24 = load.i8x16 notrap little region0 v12
;; @0045                               store notrap little region0 v22, v21+32
;; @0045                               store notrap little region0 v23, v21+16
;; @0045                               store notrap little region0 v24, v21
;; @0049                               return
;; }
;; function u0:2(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned readonly can_move gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;; @004e                               v2 = iconst.i32 511
;; @0051                               v3 = iconst.i32 3
;; @0053                               v4 = uextend.i64 v1
;; @0053                               v5 = load.i64 notrap aligned region1 v0+40
;; @0053                               v6 = iconst.i64 3
;; @0053                               v7 = isub v5, v6  ; v6 = 3
;; @0053                               v8 = icmp ult v7, v4
;; @0053                               trapnz v8, heap_oob
;; @0053                               v9 = load.i64 notrap aligned region1 v0+32
;; @0053                               v10 = iadd v9, v4
;; @0053                               v11 = iconst.i64 0
;; @0053                               v12 = select_spectre_guard v8, v11, v10  ; v11 = 0
;; @0053                               v13 = iconst.i8 -1
;; @0053                               v14 = iconst.i16 -1
;; @0053                               store notrap little region0 v13, v12+2  ; v13 = -1
;; @0053                               store notrap little region0 v14, v12  ; v14 = -1
;; @0056                               return
;; }
;; function u0:3(i64 vmctx, i32, i32) tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned readonly can_move gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;; @005d                               v3 = iconst.i32 12
;; @005f                               v4 = uextend.i64 v1
;; @005f                               v5 = load.i64 notrap aligned region1 v0+40
;; @005f                               v6 = iconst.i64 12
;; @005f                               v7 = isub v5, v6  ; v6 = 12
;; @005f                               v8 = icmp ult v7, v4
;; @005f                               trapnz v8, heap_oob
;; @005f                               v9 = load.i64 notrap aligned region1 v0+32
;; @005f                               v10 = iadd v9, v4
;; @005f                               v11 = iconst.i64 0
;; @005f                               v12 = select_spectre_guard v8, v11, v10  ; v11 = 0
;; @005f                               v13 = ireduce.i8 v2
;; @005f                               v14 = uextend.i32 v13
;; @005f                               v15 = iconst.i32 0x0101_0101
;; @005f                               v16 = imul v14, v15  ; v15 = 0x0101_0101
;; @005f                               v17 = ireduce.i8 v2
;; @005f                               v18 = uextend.i64 v17
;; @005f                               v19 = iconst.i64 0x0101_0101_0101_0101
;; @005f                               v20 = imul v18, v19  ; v19 = 0x0101_0101_0101_0101
;; @005f                               store notrap little region0 v16, v12+8
;; @005f                               store notrap little region0 v20, v12
;; @0062                               return
;; }
;; function u0:4(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned readonly can_move gv1+24
;;     const0 = 0x00000000000000000000000000000000
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;; @0067                               v2 = iconst.i32 0
;; @0069                               v3 = iconst.i32 24
;; @006b                               v4 = uextend.i64 v1
;; @006b                               v5 = load.i64 notrap aligned region1 v0+40
;; @006b                               v6 = iconst.i64 24
;; @006b                               v7 = isub v5, v6  ; v6 = 24
;; @006b                               v8 = icmp ult v7, v4
;; @006b                               trapnz v8, heap_oob
;; @006b                               v9 = load.i64 notrap aligned region1 v0+32
;; @006b                               v10 = iadd v9, v4
;; @006b                               v11 = iconst.i64 0
;; @006b                               v12 = select_spectre_guard v8, v11, v10  ; v11 = 0
;; @006b                               v13 = iconst.i64 0
;; @006b                               v14 = vconst.i8x16 const0
;; @006b                               store notrap little region0 v13, v12+16  ; v13 = 0
;; @006b                               store notrap little region0 v14, v12  ; v14 = const0
;; @006e                               return
;; }
;; function u0:5(i64 vmctx, i32, i32, i32) tail {
;;     region0 = 268435457 "memory"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned readonly can_move gv1+24
;;     sig0 = (i64 vmctx, i32, i64, i32, i64, i64) system_v
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i32, v3: i32):
;;                                     v9 = load.i64 notrap aligned readonly can_move v0+8
;; @0077                               v4 = uextend.i64 v1
;; @0077                               v5 = uextend.i64 v2
;; @0077                               v6 = uextend.i64 v3
;; @0077                               v7 = iconst.i32 0
;; @0077                               v8 = iconst.i32 0
;; @0077                               v10 = load.i64 notrap aligned readonly can_move v9+8
;; @0077                               call_indirect sig0, v10(v0, v7, v4, v8, v5, v6)  ; v7 = 0, v8 = 0
;; @007b                               return
;; }
;; function u0:6(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned readonly can_move gv1+24
;;     sig0 = (i64 vmctx, i32, i64, i32, i64) system_v
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v7 = load.i64 notrap aligned readonly can_move v0+8
;; @0080                               v2 = iconst.i32 0
;; @0082                               v3 = iconst.i32 0
;; @0084                               v4 = uextend.i64 v1
;; @0084                               v5 = uextend.i64 v3  ; v3 = 0
;; @0084                               v6 = iconst.i32 0
;; @0084                               v8 = load.i64 notrap aligned readonly can_move v7+16
;; @0084                               call_indirect sig0, v8(v0, v6, v4, v2, v5)  ; v6 = 0, v2 = 0
;; @0087                               return
;; }
;; function u0:7(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned readonly can_move gv1+24
;;     sig0 = (i64 vmctx, i32, i32, i64, i64, i64) system_v
;;     sig1 = (i64 vmctx, i32) system_v
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v9 = load.i64 notrap aligned readonly can_move v0+8
;; @008c                               v2 = iconst.i32 1
;; @008e                               v3 = iconst.i32 2
;; @0090                               v4 = uextend.i64 v1
;; @0090                               v5 = uextend.i64 v2  ; v2 = 1
;; @0090                               v6 = uextend.i64 v3  ; v3 = 2
;; @0090                               v7 = iconst.i32 0
;; @0090                               v8 = iconst.i32 0
;; @0090                               v10 = load.i64 notrap aligned readonly can_move v9+24
;; @0090                               call_indirect sig0, v10(v0, v7, v8, v4, v5, v6)  ; v7 = 0, v8 = 0
;; @0094                               v11 = iconst.i32 0
;; @0094                               v12 = load.i64 notrap aligned readonly can_move v9+32
;; @0094                               call_indirect sig1, v12(v0, v11)  ; v11 = 0
;; @0097                               return
;; }
;;= aarch64 machine faults
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x8, [x2, #32]
;;   add x7, x8, #3
;;   ldr w9, [x7, w4, UXTW]
;;   ldr w10, [x8, w4, UXTW]
;;   add x11, x8, #3
;;   str w9, [x11, w3, UXTW]
;;   str w10, [x8, w3, UXTW]
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x9, [x2, #32]
;;   add x11, x9, x4, UXTW
;;   ldr x10, [x11, #32]
;;   ldr q16, [x11, #16]
;;   ldr q17, [x9, w4, UXTW]
;;   add x11, x9, x3, UXTW
;;   str x10, [x11, #32]
;;   str q16, [x11, #16]
;;   str q17, [x9, w3, UXTW]
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movz w7, #255
;;   ldr x6, [x2, #32]
;;   add x8, x6, x3, UXTW
;;   strb w7, [x8, #2]
;;   movz w7, #65535
;;   strh w7, [x6, w3, UXTW]
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   uxtb w11, w4
;;   orr w12, wzr, #16843009
;;   madd w12, w11, w12, wzr
;;   ldr x11, [x2, #32]
;;   add x13, x11, x3, UXTW
;;   str w12, [x13, #8]
;;   uxtb w12, w4
;;   orr x13, xzr, #72340172838076673
;;   madd x12, x12, x13, xzr
;;   str x12, [x11, w3, UXTW]
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movz x7, #0
;;   ldr x6, [x2, #32]
;;   add x8, x6, x3, UXTW
;;   str x7, [x8, #16]
;;   movi v7.16b, #0
;;   str q7, [x6, w3, UXTW]
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x7, x3
;;   sub w0, w5, #1
;;   subs wzr, w0, #32
;;   b.lo label2 ; b label1
;; block2:
;;   mov x0, x2
;;   mov x9, x7
;;   and w6, w5, #63
;;   mov w5, w6
;;   subs xzr, x5, #16
;;   b.hs label8 ; b label3
;; block3:
;;   subs xzr, x5, #8
;;   b.hs label7 ; b label4
;; block4:
;;   subs xzr, x5, #4
;;   b.hs label6 ; b label5
;; block5:
;;   ldr x1, [x0, #32]
;;   add x7, x1, x4, UXTW
;;   ldrb w2, [x1, w4, UXTW]
;;   lsr x4, x5, #1
;;   ldrb w0, [x7, x4]
;;   movn x3, #0
;;   add x3, x7, x3
;;   ldrb w3, [x3, w6, UXTW]
;;   add x5, x1, x9, UXTW
;;   movn x7, #0
;;   add x7, x5, x7
;;   strb w3, [x7, w6, UXTW]
;;   strb w0, [x5, x4]
;;   strb w2, [x1, w9, UXTW]
;;   b label9
;; block6:
;;   ldr x2, [x0, #32]
;;   add x3, x2, x4, UXTW
;;   ldr w4, [x2, w4, UXTW]
;;   movn x0, #3
;;   add x3, x3, x0
;;   ldr w5, [x3, w6, UXTW]
;;   add x3, x2, x9, UXTW
;;   movn x1, #3
;;   add x3, x3, x1
;;   str w5, [x3, w6, UXTW]
;;   str w4, [x2, w9, UXTW]
;;   b label9
;; block7:
;;   ldr x5, [x0, #32]
;;   add x8, x5, x4, UXTW
;;   ldr x7, [x5, w4, UXTW]
;;   movn x3, #7
;;   add x8, x8, x3
;;   ldr x8, [x8, w6, UXTW]
;;   add x10, x5, x9, UXTW
;;   movn x4, #7
;;   add x10, x10, x4
;;   str x8, [x10, w6, UXTW]
;;   str x7, [x5, w9, UXTW]
;;   b label9
;; block8:
;;   ldr x8, [x0, #32]
;;   add x10, x8, x4, UXTW
;;   ldr q16, [x8, w4, UXTW]
;;   movn x7, #15
;;   add x10, x10, x7
;;   ldr q17, [x10, w6, UXTW]
;;   add x10, x8, x9, UXTW
;;   movn x7, #15
;;   add x10, x10, x7
;;   str q17, [x10, w6, UXTW]
;;   str q16, [x8, w9, UXTW]
;;   b label9
;; block9:
;;   ldp fp, lr, [sp], #16
;;   ret
;; block1:
;;   ldr x0, [x2, #8]
;;   mov x1, x2
;;   ldr x6, [x0, #8]
;;   movz w3, #0
;;   mov x9, x7
;;   mov w2, w9
;;   mov w4, w4
;;   mov w5, w5
;;   mov x0, x1
;;   mov x1, x3
;;   blr x6
;;   b label9
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x13, x3
;;   b label1
;; block2:
;;   ldp fp, lr, [sp], #16
;;   ret
;; block1:
;;   ldr x8, [x2, #8]
;;   mov x0, x2
;;   ldr x8, [x8, #16]
;;   movz w3, #0
;;   mov w2, w13
;;   movz x4, #0
;;   mov x1, x3
;;   blr x8
;;   b label2
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 32 }
;;   str x21, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 16, reg: p21i }
;;   stp x19, x20, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p19i }
;;   unwind SaveReg { clobber_offset: 8, reg: p20i }
;; block0:
;;   ldr x19, [x2, #8]
;;   mov x21, x2
;;   ldr x9, [x19, #24]
;;   movz w20, #0
;;   mov w3, w3
;;   movz x4, #1
;;   movz x5, #2
;;   mov x0, x21
;;   mov x1, x20
;;   mov x2, x20
;;   blr x9
;;   ldr x10, [x19, #32]
;;   mov x0, x21
;;   mov x1, x20
;;   blr x10
;;   ldp x19, x20, [sp], #16
;;   ldr x21, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
